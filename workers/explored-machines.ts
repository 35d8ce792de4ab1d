import { createHash } from 'node:crypto';
import { ControlledMachine, memoryFor, type RunLimits } from '../src/explore/controlled-machine.js';
import { Explorer } from '../src/explore/explorer.js';
import type { SubjectChoice, SubjectKind } from '../src/explore/subject.js';
import { compileInterpreter } from '../src/interpreter/compile-interpreter.js';
import { hartParts } from '../src/machine/hart-parts.js';
import { HartThreads } from '../src/machine/hart-threads.js';
import { threadEntry } from '../src/memory/package-root.js';
import { NoRoomError, type SharedMemory } from '../src/memory/shared-memory.js';
import type { ExhaustiveSearch } from '../src/schedule/exhaustive.js';
import type { ControlledHartData } from './controlled-hart.js';
import { loadPlugins } from './plugins.js';
import { subjectKindNamed } from './subject-kinds.js';

/** Which machine, and who watches its runs. Structured-cloneable. */
export interface MachineChoice {
  readonly subject: SubjectChoice;
  readonly limits: RunLimits;
  /** Names of the observers that are switched on; all when not given. */
  readonly observers?: readonly string[];
  /** Whether runs are compared with serial ones. */
  readonly oracle?: boolean;
  /** Whether classes of equivalent runs are counted. */
  readonly classes?: boolean;
  /** Modules with scenarios, bugs and observers of somebody else's: file URLs. */
  readonly plugins?: readonly string[];
}

/** A subject that is set up, and how far a search on it has come. */
export interface Explored {
  readonly explorer: Explorer;
  search?: ExhaustiveSearch;
}

/** Memory and standing threads, which serve one subject after the other as long as those have the same shape. */
interface Standing {
  readonly shape: string;
  readonly memory: SharedMemory;
  readonly threads: HartThreads;
  /** Which choice is set up there now. */
  key: string;
  explored: Explored;
}

/** Shapes that stay up: more would hold threads and memory that nobody may ever use again. */
const MOST_STANDING = 3;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/**
 * The machines of one thread, which is hart 0 of each of them. To make memory and threads takes a hundred times as long as
 * to set a subject up on those that stand.
 */
export class ExploredMachines {
  private readonly interpreter = compileInterpreter();
  /** The latest used last. */
  private standing: Standing[] = [];

  /** Throws SubjectError for a choice that nobody can make a machine of, RangeError where there is no room for one. */
  async explored(choice: MachineChoice): Promise<Explored> {
    const { subject, limits, plugins = [] } = choice;
    await loadPlugins(plugins);
    const kind = this.kindOf(subject);
    const shape = JSON.stringify([kind.shape(kind.parse(subject.config)), limits, plugins]);
    const key = JSON.stringify([subject, choice.observers, choice.oracle, choice.classes]);
    const known = this.standing.find((one) => one.shape === shape && !one.threads.hasDied);
    this.standing = this.standing.filter((one) => one.shape !== shape);
    if (known === undefined && this.standing.length >= MOST_STANDING) await this.dismiss(this.standing.shift()!);
    const standing = known ?? this.raise(choice, shape, key);
    this.standing.push(standing);
    if (standing.key !== key) this.change(standing, choice, key);
    return standing.explored;
  }

  /** New memory and new threads. */
  private raise(choice: MachineChoice, shape: string, key: string): Standing {
    const { subject, limits, plugins = [] } = choice;
    const { interpreter } = this;
    const kind = this.kindOf(subject);
    const memory = roomFor(() => memoryFor(kind.shape(kind.parse(subject.config)), limits));
    // Before the threads are there: each begins by emptying its hart's TLBs.
    const machine = this.setUp(choice, memory);
    const others = memory.map.harts.map((_, hart) => hart).slice(1);
    const threads = new HartThreads(threadEntry('controlled-hart'), others, (hart): ControlledHartData => {
      return { memory: memory.handle, hart, interpreter, limits, plugins, subject };
    });
    return { shape, memory, threads, key, explored: { explorer: explorerOf(machine, choice) } };
  }

  /** Another subject where one stood. */
  private change(standing: Standing, choice: MachineChoice, key: string): void {
    const { explored, memory, threads } = standing;
    explored.explorer.machine.awaitThreads();
    // What stood there is gone, even if the new one cannot be set up.
    standing.key = '';
    memory.clear();
    const machine = this.setUp(choice, memory);
    threads.post(choice.subject);
    standing.explored = { explorer: explorerOf(machine, choice) };
    standing.key = key;
  }

  private setUp({ subject, limits }: MachineChoice, memory: SharedMemory): ControlledMachine {
    const kind = this.kindOf(subject);
    return new ControlledMachine(kind, kind.parse(subject.config), memory, limits, sha256);
  }

  private kindOf({ kind }: SubjectChoice): SubjectKind {
    return subjectKindNamed(kind, (memory) => hartParts(memory, this.interpreter));
  }

  private async dismiss({ explored, threads }: Standing): Promise<void> {
    explored.explorer.machine.dismiss();
    await threads.ended();
  }
}

function explorerOf(machine: ControlledMachine, { observers, oracle, classes }: MachineChoice): Explorer {
  return new Explorer(machine, observers, oracle, classes);
}

/** Only a RangeError still is one on the thread that asked. */
function roomFor<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof NoRoomError) throw new RangeError(error.message, { cause: error });
    throw error;
  }
}
