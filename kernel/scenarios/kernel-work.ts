import { Hart } from '../../src/hart/hart.js';
import { isStopping } from '../../src/hart/stop-request.js';
import { Next } from '../../src/hart/trap-handler.js';
import { PAGE_SIZE } from '../../src/isa/sv39.js';
import type { SharedAccess } from '../../src/memory/access.js';
import type { SharedMemory } from '../../src/memory/shared-memory.js';
import { atomic32, struct, u64 } from '../../src/memory/struct.js';
import type { Player } from '../../src/schedule/participant.js';
import { type KernelConfig, kernelLayoutOf } from '../config.js';
import { mkfs } from '../fs/mkfs.js';
import { BSIZE } from '../params.js';
import { elfFile } from './elf-file.js';
import { DATA, type HartParts, MORE_DATA, STACK_TOP, Stage, scenarioKernel } from './stage.js';
import { User } from './user.js';

/** Harts that call the kernel again and again, each for a process of its own. Structured-cloneable. */
export interface WorkConfig {
  /** Name of a `Work`. */
  readonly work: string;
  readonly kernel: Pick<KernelConfig, Exclude<keyof KernelConfig, 'processes' | 'diskBlocks'>>;
  readonly harts: number;
  /** Operations that are measured, by as many as there are harts. */
  readonly rounds: number;
  /** Pages of the heap of each process. */
  readonly pages: number;
}

/** What harts do. */
export interface Work {
  readonly name: string;
  /** What one operation is. */
  readonly summary: string;
  /** Pages that the child of one operation writes, of so many; undefined: there are no processes in it. */
  readonly writes?: (pages: number) => number;
  /** The child runs another program. */
  readonly execs?: true;
}

/** Add new works here. */
export const works: readonly Work[] = [
  { name: 'fork-exit', summary: 'fork; the child exits; the parent waits for it', writes: () => 0 },
  {
    name: 'fork-write-some',
    summary: 'fork; the child writes a quarter of its pages and exits; the parent waits for it',
    writes: (pages) => Math.ceil(pages / 4),
  },
  {
    name: 'fork-write-all',
    summary: 'fork; the child writes all of its pages and exits; the parent waits for it',
    writes: (pages) => pages,
  },
  {
    name: 'fork-exec',
    summary: 'fork; the child runs another program, and exits; the parent waits for it',
    writes: () => 0,
    execs: true,
  },
  { name: 'kalloc-kfree', summary: 'eight frames are allocated and freed' },
];

/** Of a heap: 64 parents and their children, each with a copy of its own, fit into the memory. */
export const MOST_PAGES = 32;
/** RAM of a machine for kernel work, in MiB. */
export const WORK_MEMORY = 32;
/** Lines of all its memory, and as many free places in the table as keep searches short. */
export const WORK_LINES = 2 ** 20;

/** Operations by each hart, on average, before the measured ones: by then every hart works. */
const WARM_UP = 1;
const FRAMES = 8;
/** An idle hart looks for a process again after so many cycles, or rounds of an empty loop: xv6's scheduler never stops to look. */
const IDLE_LOOK = 500;

/** Registers in which a process keeps how far it has come, so that it goes on on whichever hart it is scheduled. */
const Register = { a0: 10, phase: 18, page: 19 } as const;
const Phase = { Forks: 0, Forked: 1, Waited: 2, Replaced: 3 } as const;

/** On a frame of its own. No hart's kernel looks there, so it is used past the schedule and takes no virtual time. */
const meter = struct('meter', { operations: atomic32, begun: u64, ended: u64 });

/** "prog" as a word, little-endian, and where it and exec's array of arguments lie. */
const PATH_WORD = 0x676f_7270;
const PATH = DATA + 64;
const ARGV = DATA + 128;
const HEAP = STACK_TOP;
const program = elfFile({
  entry: 0,
  segments: [
    { vaddr: 0, fileBytes: Uint8Array.of(0x13, 0, 0, 0), memSize: PAGE_SIZE, writable: false, executable: true },
    { vaddr: DATA, fileBytes: new Uint8Array(), memSize: 2 * PAGE_SIZE, writable: true, executable: false },
  ],
});
const disk = mkfs([{ name: 'prog', data: program }], { blocks: 52, inodes: 15 });

/** Throws RangeError for a name that no work has. */
export function workNamed(name: string): Work {
  const found = works.find((work) => work.name === name);
  if (found === undefined)
    throw new RangeError(`there is no work '${name}'; there are: ${works.map((work) => work.name).join(', ')}`);
  return found;
}

/** A parent and a child for every hart; one more slot is no scarcer than in a real table. */
function kernelOf({ kernel, harts, work }: WorkConfig): KernelConfig {
  const diskBlocks = workNamed(work).execs === true ? disk.length / BSIZE : 0;
  return { ...kernel, processes: 2 * harts + 1, diskBlocks };
}

/**
 * Boots, on this thread and past any schedule: every hart has a process that shares no page with another's. Memory must
 * be all zero. Where the operations are counted. Throws BootError for a kernel that there is not, or that has no room.
 */
export function beginWork(config: WorkConfig, memory: SharedMemory, parts: HartParts): number {
  const stage = new Stage(memory, kernelOf(config), parts, kernelOf(config).diskBlocks === 0 ? {} : { disk });
  const { writes } = workNamed(config.work);
  if (writes === undefined) stage.users[0]!.kernel.start(stage.users[0]!.hart);
  else stage.bootFamily();
  for (const user of writes === undefined ? [] : stage.users.slice(0, config.harts)) {
    user.call('sbrk', config.pages * PAGE_SIZE);
    for (let page = 0; page < config.pages; page++) user.store(HEAP + page * PAGE_SIZE, 1);
    user.store(MORE_DATA, 1);
    user.store(PATH, PATH_WORD);
    user.store(ARGV, PATH);
  }
  const at = stage.users[0]!.kernel.parts.kalloc.kalloc();
  meter.fields.operations.store(memory.ram, at, 0);
  return at;
}

/** One hart: operation after operation, until there have been enough. */
export class WorkingHart implements Player {
  private readonly user: User;
  private readonly work: Work;

  /**
   * @param at what `beginWork` returned
   * @param now the hart's clock, in whole units
   */
  constructor(
    private readonly config: WorkConfig,
    private readonly memory: SharedMemory,
    hart: number,
    private readonly mem: SharedAccess,
    { engine, doorbells }: HartParts,
    private readonly at: number,
    private readonly now: () => number,
  ) {
    const kernel = kernelOf(config);
    const on = new Hart(hart, memory, engine(memory, memory.map.harts[hart]!));
    this.user = new User(scenarioKernel(on, mem, doorbells, kernel, kernelLayoutOf(kernel, memory.map)), on, mem);
    this.work = workNamed(config.work);
  }

  play(): void {
    if (this.work.writes === undefined) while (!this.isOver()) this.allocate();
    else this.playProcesses(this.work.writes(this.config.pages));
  }

  private allocate(): void {
    const { kalloc } = this.user.kernel.parts;
    const frames = Array.from({ length: FRAMES }, () => kalloc.kalloc());
    for (const frame of frames) {
      if (frame === 0) throw new Error('there is no frame left');
      kalloc.kfree(frame);
    }
    this.count();
  }

  private playProcesses(pages: number): void {
    let next: Next = this.user.process === 0 ? Next.Idle : Next.Run;
    while (!this.isOver()) {
      // Another hart has thrown: what it was to do is never done.
      if (isStopping(this.memory)) return;
      if (next === Next.Halt) throw new Error('the first process has exited');
      if (next === Next.Idle) {
        this.mem.delay(IDLE_LOOK);
        next = this.user.interrupt();
      } else next = this.step(pages);
    }
  }

  /** What the running process does next. */
  private step(pages: number): Next {
    const { user } = this;
    switch (this.get(Register.phase)) {
      case Phase.Forks:
        this.set(Register.phase, Phase.Forked);
        this.set(Register.page, 0);
        return user.call('fork');
      case Phase.Forked:
        if (user.returned === 0) return this.childStep(pages);
        this.mustHaveWorked('fork');
        this.set(Register.phase, Phase.Waited);
        return user.call('wait', 0);
      case Phase.Waited:
        this.mustHaveWorked('wait');
        this.set(Register.phase, Phase.Forks);
        this.count();
        return Next.Run;
      default:
        this.mustHaveWorked('exec');
        return user.call('exit', 0);
    }
  }

  /** Its registers are its parent's, so a0 stays 0 until it calls something. */
  private childStep(pages: number): Next {
    const { user } = this;
    const page = this.get(Register.page);
    if (page < pages) {
      this.set(Register.page, page + 1);
      return user.store(HEAP + page * PAGE_SIZE, 2);
    }
    if (this.work.execs !== true) return user.call('exit', 0);
    this.set(Register.phase, Phase.Replaced);
    return user.call('exec', PATH, ARGV);
  }

  private mustHaveWorked(call: string): void {
    if (this.user.returned < 0) throw new Error(`${call} failed, and the figures would say nothing`);
  }

  private get(register: number): number {
    return this.user.hart.getNumber(register);
  }

  private set(register: number, value: number): void {
    this.user.hart.setX(register, BigInt(value));
  }

  /** An operation is over. */
  private count(): void {
    const { ram } = this.memory;
    const number = meter.fields.operations.add(ram, this.at, 1) + 1;
    const { harts } = this.config;
    if (number === harts * WARM_UP) meter.fields.begun.store(ram, this.at, this.now());
    if (number === inAll(this.config)) meter.fields.ended.store(ram, this.at, this.now());
  }

  private isOver(): boolean {
    return meter.fields.operations.load(this.memory.ram, this.at) >= inAll(this.config);
  }
}

/** What a run came to: operations that were measured, and how long they took by the harts' clocks. */
export interface WorkOutcome {
  readonly operations: number;
  readonly time: number;
}

/** Of the last run, whose operations were counted there. */
export function outcomeOf(config: WorkConfig, { ram }: SharedMemory, at: number): WorkOutcome {
  const time = meter.fields.ended.load(ram, at) - meter.fields.begun.load(ram, at);
  return { operations: config.harts * config.rounds, time };
}

/** All operations of a run, with those before the measured ones. */
function inAll({ harts, rounds }: WorkConfig): number {
  return harts * (WARM_UP + rounds);
}
