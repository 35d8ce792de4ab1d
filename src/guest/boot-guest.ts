import { SubjectError } from '../explore/subject.js';
import { type Engine, Exit } from '../hart/engine.js';
import { resetHart } from '../hart/guest-run.js';
import { Hart } from '../hart/hart.js';
import { assemble } from '../isa/assemble.js';
import { Cause } from '../isa/causes.js';
import { PAGE_SIZE } from '../isa/sv39.js';
import { InputProducer } from '../machine/input-ring.js';
import type { KernelImage } from '../machine/kernel-image.js';
import { loadBoard } from '../machine/load-board.js';
import type { SharedMemory } from '../memory/shared-memory.js';
import { GuestBoard } from './guest-board.js';
import type { GuestConfig } from './guest-config.js';
import { GuestCpu } from './guest-cpu.js';
import { GuestTranslation } from './guest-translation.js';
import { kernelScenarioNamed } from './kernel-scenarios.js';
import { Mark, takeMark } from './marks.js';
import { outputOf } from './quiet-console.js';

/** Instructions that a hart runs before the next hart's turn, and one that goes round in the same place. */
const SLICE = 100_000;
const SPINNING_SLICE = 1_000;
/** Instructions that an exit counts for. */
const EXIT = 20;
/** Instructions of one hart in the time of a tick. */
const PER_TICK = 100;
/** Instructions of all harts after which a kernel counts as one that never comes to its prompt. */
const MOST = 8e9;

/** A shell forks, which makes an address space that calls `exec`; and that makes the program's own. */
const AFTER_EXEC = 2;

/** What the boot says about where every run begins. */
export interface Booted {
  /** Of the kernel's free frames, when the shell had come to its prompt and nothing was typed yet. */
  readonly freeAtPrompt: ReadonlySet<number>;
}

/**
 * Boots a kernel on this thread, all harts in turn, to the shell's prompt, types the line, and goes on to where every run
 * begins: the first system call of the process that the shell starts; or, where the shell is no program of its own, the
 * prompt with the line typed. With a scenario, its program takes the place of the one that the line starts, and runs begin
 * where it says so. The same instructions in the same order every time.
 *
 * @param freeFrames the kernel's free frames as they are now
 * Throws SubjectError when it does not come so far.
 */
export function bootGuest(
  memory: SharedMemory,
  kernel: KernelImage,
  disk: Uint8Array | undefined,
  { exec, scenario, virtio }: Pick<GuestConfig, 'exec' | 'scenario' | 'virtio'>,
  engine: (hart: number) => Engine,
  freeFrames: () => ReadonlySet<number>,
): Booted {
  const boot = new Boot(memory, virtio, engine);
  const deviceTree = loadBoard(memory, kernel, disk, () => 0);
  if (deviceTree === undefined)
    throw new SubjectError('the memory holds the kernel, but not the device tree beside it');
  for (const { hart } of boot.cpus) resetHart(hart, { entry: kernel.entry, deviceTree });
  boot.runTo('its prompt', () => boot.isPrompted);
  const freeAtPrompt = freeFrames();
  new InputProducer(memory).put(new TextEncoder().encode(`${exec}\n`));
  if (scenario !== null) {
    if (!boot.hasUserCode) throw boot.stuck(`the first system call that '${exec}' makes`, 'its shell is no program');
    boot.runTo(
      `the first system call that '${exec}' makes`,
      () => boot.caller !== undefined && boot.spaces.length >= AFTER_EXEC,
    );
    replaceProgram(boot.caller!, kernelScenarioNamed(scenario).source, boot.cpus);
    boot.runTo(`where the program of ${scenario} begins`, () => boot.isBegun);
  } else if (boot.hasUserCode) boot.runTo(`the first system call that '${exec}' makes`, () => boot.spaces.length > 0);
  // From here on the output is that of the runs.
  outputOf(memory).takeNow();
  return { freeAtPrompt };
}

class Boot {
  readonly cpus: readonly GuestCpu[];
  isPrompted = false;
  private isPromptedAgain = false;
  /** A scenario's program has said so. */
  isBegun = false;
  /**
   * Since the line was typed: address spaces other than the shell's that have made system calls, one after the other; and the
   * hart that the last of those is on.
   */
  spaces: bigint[] = [];
  caller: Hart | undefined;
  /** A program has called the kernel. */
  hasUserCode = false;
  private isFinished = false;
  private readonly board: GuestBoard;
  /** The address space that has made the last system call before the line was typed. */
  private shell = 0n;
  private readonly asleep = new Set<number>();
  private readonly lastSeen: (Standstill | undefined)[] = [];
  private instructions = 0;

  constructor(
    private readonly memory: SharedMemory,
    virtio: GuestConfig['virtio'],
    engine: (hart: number) => Engine,
  ) {
    this.board = new GuestBoard(memory, virtio, {
      prompted: () => {
        this.isPromptedAgain = this.isPrompted;
        this.isPrompted = true;
      },
      finished: () => {
        this.isFinished = true;
      },
      deviceWrote: () => {},
    });
    this.cpus = memory.map.harts.map((_, id) => new GuestCpu(new Hart(id, memory, engine(id)), this.board));
  }

  runTo(goal: string, isThere: () => boolean): void {
    const harts = this.cpus.map(({ hart }) => hart);
    while (!isThere()) {
      for (const cpu of this.cpus) {
        this.slice(cpu, isThere);
        if (isThere()) return;
        if (this.isFinished) throw this.stuck(goal, 'it ended the machine');
        if (this.isPromptedAgain) throw this.stuck(goal, 'it is at its prompt again');
      }
      if (this.instructions > MOST) throw this.stuck(goal, `${MOST / 1e9} thousand million instructions`);
      for (const hart of harts) this.board.update(hart);
      if (this.asleep.size === harts.length && !harts.some(isWanted) && !this.board.passToNextDeadline(harts))
        throw this.stuck(goal, 'every hart sleeps');
    }
  }

  private slice(cpu: GuestCpu, isThere: () => boolean): void {
    const { hart } = cpu;
    if (this.asleep.has(hart.id) && !isWanted(hart)) return;
    this.asleep.delete(hart.id);
    const now = { pc: hart.pc, registers: hart.registers };
    const isStill = isSame(now, this.lastSeen[hart.id]);
    this.lastSeen[hart.id] = now;
    const slice = isStill ? SPINNING_SLICE : SLICE;
    hart.budget = slice;
    while (hart.budget > 0) {
      cpu.takeInterrupt();
      const exit = cpu.run();
      // An exit takes time too, and a hart that gets no further has no other end.
      hart.budget -= EXIT;
      const marked = takeMark(hart, exit);
      if (marked?.mark === Mark.Begin) this.isBegun = true;
      if (exit === Exit.Trap && hart.cause === Cause.UserEcall) this.called(hart);
      if (isThere()) return;
      if (marked !== undefined) continue;
      if (cpu.handle(exit)) {
        if (!isWanted(hart)) this.asleep.add(hart.id);
        break;
      }
      if (isThere() || this.isFinished) return;
    }
    this.instructions += slice;
    // One hart's time is everybody's.
    if (hart.id === 0) this.board.pass(SLICE / PER_TICK);
  }

  private called(hart: Hart): void {
    const space = hart.getCsr('satp');
    this.hasUserCode = true;
    if (!this.isPrompted) this.shell = space;
    else if (space !== this.shell && space !== this.spaces.at(-1)) {
      this.spaces.push(space);
      this.caller = hart;
    }
  }

  stuck(goal: string, why: string): SubjectError {
    const text = new TextDecoder().decode(outputOf(this.memory).takeNow()).trimEnd();
    const last = text.slice(text.lastIndexOf('\n') + 1).trim();
    const says = last === '' ? 'its console is empty' : `its console ends in '${last}'`;
    return new SubjectError(`the kernel does not come to ${goal}: ${why}; ${says}`);
  }
}

/** Puts a program where the hart, which is about to make a system call, has its own. Throws SubjectError where it has none. */
function replaceProgram(hart: Hart, source: string, cpus: readonly GuestCpu[]): void {
  const { bytes } = assemble(source);
  if (bytes.length > PAGE_SIZE)
    throw new RangeError(`a scenario's program has ${bytes.length} bytes; one page at most`);
  const text = new GuestTranslation(hart).translate(0, false)?.pa;
  if (text === undefined)
    throw new SubjectError('the program that the shell starts has no page at 0, which a scenario takes the place of');
  hart.memory.ram.write(text, bytes);
  hart.pc = 0n;
  for (const cpu of cpus) cpu.hart.engine.flushCode();
}

/** Where a hart was when its turn began. */
interface Standstill {
  readonly pc: bigint;
  readonly registers: Uint8Array;
}

/** A hart that stands where it stood with the registers that it had waits for another one in a loop. */
function isSame(now: Standstill, before: Standstill | undefined): boolean {
  return before !== undefined && now.registers.every((byte, i) => byte === before.registers[i]);
}

function isWanted(hart: Hart): boolean {
  return (hart.pending & hart.enabledInterrupts) !== 0;
}
