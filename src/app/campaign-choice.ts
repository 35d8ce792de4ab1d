import type { Bug } from '../../kernel/bugs/bug.js';
import { bugs } from '../../kernel/bugs/bugs.js';
import { bugNamed, designNamed } from '../../kernel/config.js';
import { designs as allDesigns } from '../../kernel/page-sharing/designs.js';
import { generatedDuels } from '../../kernel/scenarios/generated/generated.js';
import { type HostedConfig, hostedConfig } from '../../kernel/scenarios/hosted-config.js';
import { scenarios as writtenScenarios } from '../../kernel/scenarios/scenarios.js';
import { RandomNumbers } from '../schedule/random-numbers.js';
import { strategies as allStrategies, strategyNamed } from '../schedule/strategies.js';

/** Which scenarios a campaign runs. */
export const SCENARIO_SETS = ['all', 'written', 'generated'] as const;
export type ScenarioSet = (typeof SCENARIO_SETS)[number];
/** In the place of a bug's name: every one that does harm, one after the other. */
export const ALL_BUGS = 'all';

/** What a campaign runs: with the same of this, and the same number of schedules, it comes to the same. As JSON in its state. */
export interface CampaignChoice {
  readonly scenarios: ScenarioSet;
  readonly designs: readonly string[];
  readonly form: string;
  /** Name of a bug, `all`, or null: none. */
  readonly bug: string | null;
  readonly strategies: readonly string[];
  readonly seed: number;
}

/** What is looked for: failures of sound kernels, or the first harm that one bug does. */
export interface Target {
  readonly bug: string | null;
  /**
   * Rows of what is run, of which each in turn gives its next, and begins again once it has given all: the written
   * scenarios are few beside the generated ones, and more was thought about them.
   */
  readonly rows: readonly (readonly Place[])[];
}

/** A scenario and a design. */
export interface Place {
  readonly scenario: string;
  readonly design: string;
}

/** What is run there. */
export function configAt({ form }: CampaignChoice, bug: string | null, place: Place): HostedConfig {
  return hostedConfig({ ...place, form, bug });
}

export interface CampaignNames {
  readonly scenarios?: string;
  readonly designs?: readonly string[];
  readonly form?: string;
  readonly bug?: string | null;
  readonly strategies?: readonly string[];
  readonly seed?: number;
}

/** With everything that has a default. Throws BootError or RangeError for names that nothing has. */
export function campaignChoice(names: CampaignNames): CampaignChoice {
  const { scenarios = SCENARIO_SETS[0], designs, form = 'sound', bug = null, strategies, seed = 1 } = names;
  const set = SCENARIO_SETS.find((one) => one === scenarios);
  if (set === undefined)
    throw new RangeError(`there is no set of scenarios '${scenarios}'; there are: ${SCENARIO_SETS.join(', ')}`);
  const chosen: CampaignChoice = {
    scenarios: set,
    designs: designs ?? allDesigns.map(({ name }) => name),
    form,
    bug,
    strategies: strategies ?? allStrategies.map(({ name }) => name),
    seed,
  };
  chosen.designs.forEach(designNamed);
  chosen.strategies.forEach(strategyNamed);
  if (bug !== null && bug !== ALL_BUGS) bugNamed(bug);
  if (chosen.designs.length === 0 || chosen.strategies.length === 0)
    throw new RangeError('a campaign takes one design and one strategy at least');
  return chosen;
}

/** Throws BootError for a form, or a bug, that none of the designs can have. */
export function targetsOf(choice: CampaignChoice): readonly Target[] {
  return bugsOf(choice).map((bug, number) => ({ bug: bug?.name ?? null, rows: rowsOf(choice, bug, number) }));
}

function bugsOf({ bug }: CampaignChoice): readonly (Bug | undefined)[] {
  if (bug === null) return [undefined];
  return bug === ALL_BUGS ? bugs.filter(({ harmful }) => harmful) : [bugNamed(bug)];
}

/** In an order of chance, so that a short campaign sees some of everything. */
function rowsOf(choice: CampaignChoice, bug: Bug | undefined, number: number): readonly (readonly Place[])[] {
  const able = choice.designs.filter((design) => bug?.designs.includes(design) ?? true);
  // That the bug is none of theirs is said as elsewhere.
  const designs = able.length > 0 || choice.bug === ALL_BUGS ? able : choice.designs;
  const sets = scenariosOf(choice);
  // What does not go together is said before anything is run.
  for (const design of designs) configAt(choice, bug?.name ?? null, { scenario: sets[0]![0]!, design });
  const random = new RandomNumbers(choice.seed, number);
  const rows = designs.length === 0 ? [] : sets.map((set) => rounds(random.shuffled(set), random.shuffled(designs)));
  return rows.filter(({ length }) => length > 0);
}

/** Every scenario once, the designs in turn, then every scenario with its next design, and so on: most mistakes show in several designs. */
function rounds(scenarios: readonly string[], designs: readonly string[]): Place[] {
  return designs.flatMap((_, round) =>
    scenarios.map((scenario, i) => ({ scenario, design: designs[(i + round) % designs.length]! })),
  );
}

function scenariosOf({ scenarios }: CampaignChoice): readonly (readonly string[])[] {
  const written = writtenScenarios.map(({ name }) => name);
  const generated = generatedDuels().map(({ name }) => name);
  return scenarios === 'all' ? [written, generated] : [scenarios === 'written' ? written : generated];
}
