import { availableParallelism } from 'node:os';
import { threadId } from 'node:worker_threads';
import type { VirtioVersion } from '../src/devices/virtio-block.js';
import { observe } from '../src/guest/observed-guest.js';
import { GuestRun, type GuestTiming, type Reset, resetHart } from '../src/hart/guest-run.js';
import { Hart } from '../src/hart/hart.js';
import { REAL_TIME, TICKS_PER_MS } from '../src/hart/run-loop.js';
import { requestStop } from '../src/hart/stop-request.js';
import { GuestConsole } from '../src/machine/guest-console.js';
import { HostConsole } from '../src/machine/host-console.js';
import { InputConsumer } from '../src/machine/input-ring.js';
import { OutputRing } from '../src/machine/output-ring.js';
import { SharedClock } from '../src/machine/shared-clock.js';
import { SharedDoorbells } from '../src/machine/shared-doorbells.js';
import { boardBlock, type TimeSkip, VirtBoard } from '../src/machine/virt-board.js';
import { hartBlock, StopRequest } from '../src/memory/map.js';
import { SharedMemory, type SharedMemoryHandle } from '../src/memory/shared-memory.js';
import { createEngine, type EngineChoice } from '../src/translator/engines.js';
import { endOf, type HartEnd } from './hart.js';

/** What a thread needs to be hart number `hart` of a machine under a guest's own kernel. Structured-cloneable. */
export interface GuestHartTask {
  readonly memory: SharedMemoryHandle;
  readonly hart: number;
  /** The interpreter, compiled once for all harts. */
  readonly interpreter: WebAssembly.Module;
  readonly engine: EngineChoice;
  readonly reset: Reset;
  readonly virtio: VirtioVersion;
  /** Time skips what nobody uses. */
  readonly virtualTime: boolean;
  /** File descriptor that the guest's console writes to. */
  readonly consoleFd: number;
  /** Addresses of the functions that allocate a frame; given where what the kernel does is noted. */
  readonly allocators?: readonly number[];
}

const TIMING = { slice: 10_000, exit: 20, idle: 1000, ticks: TICKS_PER_MS };
/** Of a hart that shares its core with others: a tenth of what the host leaves it there by itself. */
const STINT = 10;

/** Thread entry (piscina): one hart from reset until the machine stops. */
export default function guestHartThread(task: GuestHartTask): HartEnd {
  return endOf(() => liveAsHart(task));
}

/** Whether the console's reader has gone. */
function liveAsHart(task: GuestHartTask): boolean {
  const memory = SharedMemory.attach(task.memory);
  const map = memory.map.harts[task.hart]!;
  hartBlock.fields.threadId.store(memory.host, map.block, threadId);
  const hart = new Hart(task.hart, memory, createEngine(task.engine, task.interpreter)(memory, map));
  const screen = new HostConsole(memory, map, task.consoleFd);
  const output = new OutputRing(memory, memory.map.devices + boardBlock.fields.output.offset);
  const clock = new SharedClock(memory, REAL_TIME.now);
  const doorbells = new SharedDoorbells(memory);
  const skip: TimeSkip = {
    allIdle: () => doorbells.allIdle(),
    ticks: (ticks) => clock.skip(ticks / TICKS_PER_MS),
  };
  const board = new VirtBoard(memory, {
    ticks: () => Math.floor(clock.now() * TICKS_PER_MS),
    ...(task.virtualTime && { skip }),
    date: () => BigInt(Date.now()) * 1_000_000n,
    console: new GuestConsole(screen, output, new InputConsumer(memory, false)),
    virtio: task.virtio,
    finish: () => requestStop(memory, StopRequest.Stop),
  });
  resetHart(hart, task.reset);
  const stint = memory.map.harts.length > availableParallelism() ? STINT : 0;
  const timing: GuestTiming = { ...TIMING, stint };
  const observer = task.allocators === undefined ? undefined : observe(hart, task.allocators);
  new GuestRun(hart, board, doorbells, timing, observer).run();
  return screen.readerGone;
}
