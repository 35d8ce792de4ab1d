import { SubjectError } from '../../src/explore/subject.js';
import type { ObserverFactory } from '../../src/races/observer.js';
import { addObserver } from '../../src/races/observers.js';
import type { Bug } from '../bugs/bug.js';
import { addBug } from '../bugs/bugs.js';
import type { Scenario } from './scenario.js';
import { addScenario } from './scenarios.js';

/**
 * What a module of somebody else's may export, to be used by name as ours are. Every thread of a machine loads it, so it
 * is a file that Node itself can import, and has no state that matters.
 */
export interface Plugin {
  readonly scenarios?: readonly Scenario[];
  readonly bugs?: readonly Bug[];
  /** By name. */
  readonly observers?: Readonly<Record<string, ObserverFactory>>;
}

/**
 * Adds what the module exports to the lists of this thread; once more changes nothing.
 * @param from where it comes from, for what it says is wrong
 * Throws SubjectError when it exports nothing that can be added, or a name that is taken.
 */
export function register(module: unknown, from: string): void {
  const { scenarios = [], bugs = [], observers = {} } = module as Plugin;
  const wrong = (what: string, cause?: unknown) => new SubjectError(`the plugin ${from} ${what}`, { cause });
  if (!isListOfNamed(scenarios)) throw wrong("has 'scenarios' that are no list of scenarios, each with its name");
  if (!isListOfNamed(bugs)) throw wrong("has 'bugs' that are no list of bugs, each with its name");
  const factories = Object.entries(observers);
  if (factories.some(([, factory]) => typeof factory !== 'function'))
    throw wrong("has 'observers' that are no functions, each under its name");
  if (scenarios.length + bugs.length + factories.length === 0)
    throw wrong('exports no scenarios, bugs or observers; see CONTRIBUTING.md');
  try {
    scenarios.forEach(addScenario);
    bugs.forEach(addBug);
    for (const [name, factory] of factories) addObserver(name, factory);
  } catch (error) {
    if (error instanceof RangeError) throw wrong(`cannot be added: ${error.message}`, error);
    throw error;
  }
}

function isListOfNamed(value: unknown): boolean {
  return Array.isArray(value) && value.every((row) => typeof row?.name === 'string' && row.name !== '');
}
