import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { HartParts } from '../kernel/scenarios/stage.js';
import type { RunLimits } from '../src/explore/controlled-machine.js';
import type { SubjectChoice, SubjectHart } from '../src/explore/subject.js';
import { requestStop } from '../src/hart/stop-request.js';
import { hartParts } from '../src/machine/hart-parts.js';
import { StopRequest } from '../src/memory/map.js';
import { SharedMemory, type SharedMemoryHandle } from '../src/memory/shared-memory.js';
import { ControlledAccess } from '../src/schedule/controlled-access.js';
import { takePartInRuns } from '../src/schedule/participant.js';
import { Turn } from '../src/schedule/turn.js';
import { loadPlugins } from './plugins.js';
import { subjectKindNamed } from './subject-kinds.js';

/** What a thread needs to be one hart, not the first, of a machine under a controlled schedule. */
export interface ControlledHartData {
  readonly memory: SharedMemoryHandle;
  readonly hart: number;
  readonly interpreter: WebAssembly.Module;
  readonly limits: RunLimits;
  readonly plugins: readonly string[];
  /** The first; others of the same shape come as messages, each before the first run of it. */
  readonly subject: SubjectChoice;
}

const { memory: handle, hart, interpreter, limits, plugins, subject } = workerData as ControlledHartData;
const memory = SharedMemory.attach(handle);
const turn = new Turn(memory, hart, { spins: limits.spins });
const access = new ControlledAccess(memory, turn);

/** A new engine would empty the hart's TLBs, in the middle of a run for a subject that comes later: one serves all. */
function partsOnce(): HartParts {
  const parts = hartParts(memory, interpreter);
  const engine = parts.engine(memory, memory.map.harts[hart]!);
  return { ...parts, engine: () => engine };
}

function hartOf({ kind, config }: SubjectChoice, parts: HartParts): SubjectHart {
  const found = subjectKindNamed(kind, () => parts);
  return found.hart(found.parse(config), memory, hart, access);
}

try {
  await loadPlugins(plugins);
  const parts = partsOnce();
  let player = hartOf(subject, parts);
  takePartInRuns(memory, turn, () => {
    // Pairs with the post in `ExploredMachines`, which comes before the first turn: the message is there by now.
    for (let next = receiveMessageOnPort(parentPort!); next !== undefined; next = receiveMessageOnPort(parentPort!))
      player = hartOf(next.message as SubjectChoice, parts);
    return player;
  });
} catch (error) {
  // The others would wait for this hart for ever.
  requestStop(memory, StopRequest.Abort);
  throw error;
}
