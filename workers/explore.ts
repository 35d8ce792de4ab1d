import { createHash } from 'node:crypto';
import type { Anchor } from '../kernel/scenarios/anchors.js';
import { Explainer } from '../kernel/scenarios/explain.js';
import type { Explanation } from '../kernel/scenarios/explanation.js';
import { type BatchResult, Explorer, type FoundFailure } from '../kernel/scenarios/explorer.js';
import { refit } from '../kernel/scenarios/refit.js';
import { type ScenarioConfig, ScenarioMachine } from '../kernel/scenarios/scenario-machine.js';
import { compileInterpreter } from '../src/interpreter/compile-interpreter.js';
import { hartParts } from '../src/machine/hart-parts.js';
import { HartThreads } from '../src/machine/hart-threads.js';
import { NoRoomError } from '../src/memory/shared-memory.js';
import type { Coverage, ExhaustiveSearch } from '../src/schedule/exhaustive.js';
import type { Plan } from '../src/schedule/plan.js';
import { strategyNamed } from '../src/schedule/strategies.js';
import type { ScenarioHartData } from './scenario-hart.js';

/** One piece of work on a scenario's machine. Structured-cloneable, and so are the answers. */
export type ExploreTask = { readonly machine: ScenarioConfig; readonly observers?: readonly string[] } & (
  | {
      readonly kind: 'batch';
      readonly strategy: string;
      readonly seed: number;
      readonly first: number;
      readonly count: number;
    }
  /** The next `count` schedules of an exhaustive search, `first` of which have been run; with 0, it begins anew. */
  | { readonly kind: 'search'; readonly bound: number; readonly first: number; readonly count: number }
  | { readonly kind: 'explain'; readonly failure: Pick<FoundFailure, 'signature' | 'plan'> }
  | {
      readonly kind: 'replay';
      readonly failure: Pick<FoundFailure, 'signature' | 'plan'>;
      readonly anchors: readonly (Anchor | null)[];
      readonly times: number;
    }
);

export interface SearchResult extends BatchResult {
  readonly coverage: Coverage;
}

export interface ReplayResult {
  readonly times: number;
  /** Runs in which the failure came back. */
  readonly failed: number;
  /** Different contents of RAM after those runs: 1 when all were the same. */
  readonly memoryHashes: readonly string[];
  /** The plan as recorded did not bring the failure back; fitted to this kernel by the names of its accesses, it did. */
  readonly refitted: boolean;
  /** The plan that was replayed. */
  readonly plan: Plan;
  /** When the failure did not come back: the access that a switch stood before and that this kernel does not make. */
  readonly parted: Anchor | null;
}

const HART_THREAD = new URL('./scenario-hart.js', import.meta.url);

/**
 * A machine on standing threads, and how far a search on it has come. The last one is kept, because the next task is
 * nearly always for the same.
 */
interface Standing {
  readonly key: string;
  readonly explorer: Explorer;
  readonly threads: HartThreads;
  search?: ExhaustiveSearch;
}
let standing: Standing | undefined;

/** Thread entry (piscina): this thread is hart 0 of its own machine and coordinates the others. Throws BootError. */
export default async function explore(
  task: ExploreTask,
): Promise<BatchResult | SearchResult | Explanation | ReplayResult | undefined> {
  const machine = await machineFor(task);
  const { explorer } = machine;
  switch (task.kind) {
    case 'batch':
      return explorer.batch(strategyNamed(task.strategy), task.seed, task.first, task.count);
    case 'search':
      return searchOn(machine, task.bound, task.first, task.count);
    case 'explain':
      return new Explainer(explorer, task.failure).explain();
    case 'replay':
      return replay(explorer, task.failure, task.anchors, task.times);
  }
}

async function machineFor({ machine: config, observers }: ExploreTask): Promise<Standing> {
  const key = JSON.stringify([config, observers]);
  if (standing?.key === key) return standing;
  if (standing !== undefined) {
    standing.explorer.machine.dismiss();
    await standing.threads.ended();
    standing = undefined;
  }
  const interpreter = compileInterpreter();
  const machine = roomFor(
    () =>
      new ScenarioMachine(
        config,
        (memory) => hartParts(memory, interpreter),
        (bytes) => createHash('sha256').update(bytes).digest('hex'),
      ),
  );
  const others = machine.memory.map.harts.map((_, hart) => hart).slice(1);
  const threads = new HartThreads(HART_THREAD, others, (hart): ScenarioHartData => {
    return { memory: machine.memory.handle, hart, interpreter, config };
  });
  const explorer = new Explorer(machine, observers);
  standing = { key, explorer, threads };
  return standing;
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

function searchOn(machine: Standing, bound: number, first: number, count: number): SearchResult {
  const { explorer } = machine;
  if (first === 0) machine.search = explorer.search(bound);
  if (machine.search === undefined) throw new Error('a search goes on that has not begun on this machine');
  return explorer.searchOn(machine.search, first, count);
}

/** First as recorded; if that does not bring the failure back, fitted to the kernel as it is now. */
function replay(
  explorer: Explorer,
  { signature, plan }: Pick<FoundFailure, 'signature' | 'plan'>,
  anchors: readonly (Anchor | null)[],
  times: number,
): ReplayResult {
  const asRecorded = repeat(explorer, signature, plan, times);
  if (asRecorded.failed > 0 || anchors.length === 0)
    return { times, ...asRecorded, refitted: false, plan, parted: null };
  const fitted = refit(explorer, plan, anchors);
  const again = repeat(explorer, signature, fitted.plan, times);
  const refitted = again.failed > 0;
  return { times, ...again, refitted, plan: fitted.plan, parted: refitted ? null : fitted.parted };
}

function repeat(
  explorer: Explorer,
  signature: string,
  plan: Plan,
  times: number,
): Pick<ReplayResult, 'failed' | 'memoryHashes'> {
  const hashes = new Set<string>();
  let failed = 0;
  for (let run = 0; run < times; run++) {
    if (!explorer.hasFailure(explorer.run(plan).judgement, signature)) continue;
    failed++;
    hashes.add(explorer.machine.memoryHash());
  }
  return { failed, memoryHashes: [...hashes] };
}
