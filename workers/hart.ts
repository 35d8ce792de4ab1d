import { threadId } from 'node:worker_threads';
import { BootError, Kernel, type KernelConfig } from '../kernel/main.js';
import { Hart } from '../src/hart/hart.js';
import type { ProgramImage } from '../src/hart/program-image.js';
import { REAL_TIME, runHart } from '../src/hart/run-loop.js';
import { HostConsole } from '../src/machine/host-console.js';
import { InputConsumer } from '../src/machine/input-ring.js';
import { SharedClock } from '../src/machine/shared-clock.js';
import { SharedDoorbells } from '../src/machine/shared-doorbells.js';
import { MachineAborted } from '../src/memory/access.js';
import { STACK_LIMIT } from '../src/memory/call-stack.js';
import { hartBlock } from '../src/memory/map.js';
import { SharedMemory, type SharedMemoryHandle } from '../src/memory/shared-memory.js';
import { createEngine, type EngineChoice } from '../src/translator/engines.js';

/** What a thread needs to be hart number `hart` of a machine under the hosted kernel. Structured-cloneable. */
export interface HartTask {
  readonly memory: SharedMemoryHandle;
  readonly hart: number;
  /** The interpreter, compiled once for all harts. */
  readonly interpreter: WebAssembly.Module;
  readonly engine: EngineChoice;
  readonly kernel: KernelConfig;
  /** What the first process runs, and the disk: for hart 0, which boots. */
  readonly program?: ProgramImage;
  readonly argv: readonly string[];
  readonly consoleOpen?: boolean;
  readonly adopts?: boolean;
  readonly disk?: Uint8Array;
  /** File descriptor that the guest's console writes to. */
  readonly consoleFd: number;
  /** What comes from outside to the guest's console; `echo`: it shows what is typed. Null: nothing comes. */
  readonly input: { readonly echo: boolean } | null;
  /** Time skips what nobody uses. */
  readonly virtualTime: boolean;
}

/** How a hart ended. A value, because errors lose their class between threads. */
export type HartEnd =
  | { readonly kind: 'stopped'; readonly readerGone: boolean }
  /** Another hart died. */
  | { readonly kind: 'aborted' }
  /** The machine cannot start: what is wrong and how to mend it. */
  | { readonly kind: 'unfit'; readonly why: string }
  /** The supervisor threw: a kernel panic, for one. */
  | { readonly kind: 'died'; readonly message: string; readonly stack: string };

/** Thread entry (piscina): one hart from boot until the machine stops. */
export default function hartThread(task: HartTask): HartEnd {
  return endOf(() => liveAsHart(task));
}

/** Runs a hart's life, which says whether the console's reader has gone; how it ended. */
export function endOf(live: () => boolean): HartEnd {
  // A hart that dies tells where in the kernel it was.
  Error.stackTraceLimit = STACK_LIMIT;
  try {
    return { kind: 'stopped', readerGone: live() };
  } catch (error) {
    if (error instanceof MachineAborted) return { kind: 'aborted' };
    if (error instanceof BootError) return { kind: 'unfit', why: error.message };
    if (error instanceof Error) return { kind: 'died', message: error.message, stack: error.stack ?? '' };
    throw error;
  }
}

/** What the statistics of locks count in. */
const nanoseconds = () => performance.now() * 1e6;

/** Whether the console's reader has gone. */
function liveAsHart(task: HartTask): boolean {
  const memory = SharedMemory.attach(task.memory);
  const map = memory.map.harts[task.hart]!;
  hartBlock.fields.threadId.store(memory.host, map.block, threadId);
  const console = new HostConsole(memory, map, task.consoleFd);
  const hart = new Hart(task.hart, memory, createEngine(task.engine, task.interpreter)(memory, map));
  const clock = new SharedClock(memory, REAL_TIME.now);
  const timing = { ...REAL_TIME, now: () => clock.now() };
  const kernel = new Kernel({
    hart,
    mem: memory.ram,
    config: task.kernel,
    doorbells: new SharedDoorbells(memory),
    console,
    ...(task.input !== null && { input: new InputConsumer(memory, task.input.echo) }),
    now: timing.now,
    ...(task.virtualTime && { skip: (milliseconds: number) => clock.skip(milliseconds) }),
    argv: task.argv,
    ...(task.program !== undefined && { program: task.program }),
    ...(task.consoleOpen !== undefined && { consoleOpen: task.consoleOpen }),
    ...(task.adopts !== undefined && { adopts: task.adopts }),
    ...(task.disk !== undefined && { disk: task.disk }),
    lockstat: { mem: memory.host, at: memory.map.lockstat, now: nanoseconds },
  });
  runHart(hart, kernel, timing);
  return console.readerGone;
}
