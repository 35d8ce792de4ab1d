import type { GuestHartTask } from '../../workers/guest-hart.js';
import type { VirtioVersion } from '../devices/virtio-block.js';
import { observedSize } from '../guest/observed-guest.js';
import { compileInterpreter } from '../interpreter/compile-interpreter.js';
import { placeOfHart } from '../machine/hart-place.js';
import { InputProducer } from '../machine/input-ring.js';
import type { KernelImage } from '../machine/kernel-image.js';
import { loadBoard } from '../machine/load-board.js';
import { MachineControl } from '../machine/machine-control.js';
import { OutputRing } from '../machine/output-ring.js';
import { boardBlock, EndCode, realTicks, virtioWasRefused } from '../machine/virt-board.js';
import { threadEntry } from '../memory/package-root.js';
import { SharedMemory } from '../memory/shared-memory.js';
import { useBranchHints } from '../translator/branch-hints.js';
import { DEFAULT_ENGINE, type EngineChoice } from '../translator/engines.js';
import type { ConsoleListener, ConsoleVerdict } from './console-watch.js';
import { type DebuggingOptions, GuestDebugging } from './guest-debugging.js';
import { HartCrew, type Patience } from './hart-crew.js';
import { HartEnds } from './hart-ends.js';
import type { TerminalOptions } from './terminal.js';
import { UsageError } from './usage-error.js';

export interface GuestOptions {
  readonly harts: number;
  /** RAM in MiB. */
  readonly memory: number;
  readonly kernel: KernelImage;
  /** `DEFAULT_ENGINE` when there is none. */
  readonly engine?: EngineChoice;
  /** What is on the disk when the machine starts; undefined: none is attached. */
  readonly disk?: Uint8Array;
  readonly virtio: VirtioVersion;
  /** The machine's clock skips the time in which every hart waits for an interrupt. */
  readonly virtualTime?: boolean;
  /** File descriptor that the guest's console writes to. */
  readonly consoleFd: number;
  /** Whoever reads the console and types at it. */
  readonly watch: ConsoleListener;
  /** What is typed at the guest's console. Absent: nothing but what `watch` has typed. */
  readonly stdin?: TerminalOptions;
  readonly patience?: Patience;
  /** Addresses of the functions that allocate a frame: what they do is noted, and which address spaces there are (`ObservedGuest`). Absent: nothing is. */
  readonly allocators?: readonly number[];
  /** Serves a debugger; the machine stands still until one has come. */
  readonly gdb?: DebuggingOptions;
}

/** What ended a machine under a guest's kernel. */
export type GuestEnd =
  | ConsoleVerdict
  /** The guest itself, by the test device. */
  | { readonly kind: 'exit'; readonly status: number }
  | { readonly kind: 'reset' }
  /** A debugger. */
  | { readonly kind: 'killed' }
  /** It was stopped from outside, or a hart died. */
  | { readonly kind: 'stopped' };

export interface GuestReport {
  readonly end: GuestEnd;
  readonly seconds: number;
  /** Guest instructions retired by all harts. */
  readonly instructions: number;
  /** Where each hart was at the end: `0x80000abc <panic+0x1a>`. */
  readonly places: readonly string[];
  /** The functions on the stack of each, innermost first: `panic (kernel/printf.c:118)`; none of one in user mode. */
  readonly stacks: readonly (readonly string[])[];
  /** Parts of the kernel's debug information that were damaged, a line each: what they tell is missing above. */
  readonly damage: readonly string[];
  /** Of the console. */
  readonly lastLines: readonly string[];
  /** One line for each hart's thread that died or would not stop. */
  readonly failures: readonly string[];
  /** Whoever read the console has left. */
  readonly readerGone: boolean;
  /** The guest's driver has looked at the disk's version, and wants another. */
  readonly wantsOtherVirtio: boolean;
}

/** A free-running machine under the kernel of an image: its memory, its threads, and its console. */
export class GuestMachine {
  readonly control: MachineControl;
  private readonly memory: SharedMemory;
  private readonly ends: HartEnds;
  private readonly crew: HartCrew<GuestHartTask>;
  private readonly output: OutputRing;
  private readonly deviceTree: number;
  private readonly debugging: GuestDebugging | undefined;
  private seconds = 0;
  private isOver = false;

  /** Throws RangeError for a configuration outside the limits, NoRoomError when the host has no memory for it. */
  constructor(private readonly options: GuestOptions) {
    const { harts, memory, kernel, disk, stdin, patience, allocators } = options;
    const devices = allocators === undefined ? boardBlock.size : observedSize(memory);
    this.memory = SharedMemory.create({ harts, memory, devices, disk: disk?.length ?? 0 });
    this.control = new MachineControl(this.memory);
    this.ends = new HartEnds(harts, (hart) => ({
      pc: placeOfHart(this.memory, hart, kernel.symbols).pc,
      locks: [],
    }));
    this.crew = new HartCrew(this.memory, this.control, this.ends, {
      thread: threadEntry('guest-hart'),
      ...(stdin !== undefined && { stdin }),
      ...(patience !== undefined && { patience }),
    });
    this.output = new OutputRing(this.memory, this.memory.map.devices + boardBlock.fields.output.offset);
    const tree = loadBoard(this.memory, kernel, disk, realTicks);
    if (tree === undefined)
      throw new UsageError(
        `${options.memory} MiB of memory hold the kernel, but not the device tree beside it: give it more`,
      );
    this.deviceTree = tree;
    if (options.gdb !== undefined) this.debugging = new GuestDebugging(this.memory, this.control, options, options.gdb);
  }

  /**
   * Runs until the guest ends the machine, its console says so, or it is stopped. Whatever a hart does, this settles. Rejects, with
   * UsageError, only when a debugger is to be served and cannot be.
   */
  async run(): Promise<void> {
    await this.debugging?.open();
    const taskOf = this.tasks();
    const watching = this.watchConsole();
    this.seconds = (await this.crew.run(taskOf)) ?? 0;
    this.isOver = true;
    await this.debugging?.close();
    this.output.release();
    await watching;
  }

  /** Stops every hart between two instructions, looks, and lets them go on; undefined: the machine stops, or not all harts are up yet. */
  whileStandingStill<T>(look: (memory: SharedMemory) => T): Promise<T | undefined> {
    return this.control.whileStandingStill(() => look(this.memory));
  }

  /** After `run`: whether all harts have ended between two instructions, so that the memory may be looked at; what `look` says then. */
  afterwards<T>(look: (memory: SharedMemory) => T): T | undefined {
    return this.ends.threadLost ? undefined : look(this.memory);
  }

  /** Whoever listens to the console has something to type. */
  listen(): void {
    this.output.release();
  }

  /** After `run`: what is on the disk; undefined when there is none. */
  disk(): Uint8Array | undefined {
    const { host, map } = this.memory;
    const size = map.config.disk ?? 0;
    return size === 0 ? undefined : host.read(map.disk, size);
  }

  /** Every hart leaves at the end of its slice, and `run` settles. */
  stop(): void {
    this.control.stop();
  }

  leave(): void {
    this.crew.leave();
  }

  get isStarting(): boolean {
    return this.crew.isStarting;
  }

  /** After `run`. */
  report(): GuestReport {
    const harts = Array.from({ length: this.options.harts }, (_, hart) => hart);
    const { failures, readerGone } = this.ends;
    const { kernel } = this.options;
    const places = harts.map((hart) => placeOfHart(this.memory, hart, kernel.symbols));
    return {
      end: this.end(),
      seconds: this.seconds,
      instructions: harts.reduce((sum, hart) => sum + this.control.instructions(hart), 0),
      places: places.map(({ pc }) => pc),
      stacks: places.map(({ stack }) => stack),
      damage: kernel.symbols.damage,
      lastLines: this.options.watch.lastLines,
      failures,
      readerGone,
      wantsOtherVirtio: this.options.disk !== undefined && virtioWasRefused(this.memory),
    };
  }

  private end(): GuestEnd {
    const { host, map } = this.memory;
    const { end, status } = boardBlock.fields;
    const code = end.load(host, map.devices);
    const { verdict } = this.options.watch;
    if (verdict !== undefined) return verdict;
    if (code === EndCode.exit) return { kind: 'exit', status: status.load(host, map.devices) };
    if (this.debugging?.wasKilled === true) return { kind: 'killed' };
    return code === EndCode.reset ? { kind: 'reset' } : { kind: 'stopped' };
  }

  private tasks(): (hart: number) => GuestHartTask {
    const { kernel, virtio, consoleFd, virtualTime = false, engine = DEFAULT_ENGINE, allocators } = this.options;
    if (engine.name === 'translator') useBranchHints();
    const interpreter = compileInterpreter();
    const reset = { entry: kernel.entry, deviceTree: this.deviceTree };
    const observed = allocators !== undefined && { allocators };
    const common = {
      memory: this.memory.handle,
      interpreter,
      engine,
      reset,
      virtio,
      virtualTime,
      consoleFd,
      ...observed,
    };
    return (hart) => ({ ...common, hart });
  }

  /** Reads what the guest writes until the machine is over, and all of it has been read. */
  private async watchConsole(): Promise<void> {
    const { output, control } = this;
    const { watch } = this.options;
    const keyboard = new InputProducer(this.memory);
    let typing = '';
    while (!this.isOver) {
      const come = await output.take();
      if (come.length === 0) watch.silence();
      typing += watch.feed(come);
      if (typing !== '') typing = typing.slice(keyboard.put(new TextEncoder().encode(typing)));
      if (watch.verdict !== undefined) control.stop();
    }
    watch.feed(output.takeNow());
  }
}
