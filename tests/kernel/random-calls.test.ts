import { describe, expect, it } from 'vitest';
import { checkImage } from '../../kernel/fs/check-image.js';
import { mkfs } from '../../kernel/fs/mkfs.js';
import { designs } from '../../kernel/page-sharing/designs.js';
import { BSIZE } from '../../kernel/params.js';
import { Sys } from '../../kernel/trap/syscall.js';
import { Next } from '../../src/hart/trap-handler.js';
import { Cause } from '../../src/isa/causes.js';
import { MAXVA, PAGE_SIZE } from '../../src/isa/sv39.js';
import { RandomNumbers } from '../../src/schedule/random-numbers.js';
import { elfImage } from '../support/elf-image.js';
import { fuzzing } from '../support/fuzzing.js';
import { DATA, END, GUARD, KernelMachine, STACK } from '../support/kernel-machine.js';
import { sampled } from '../support/long-form.js';
import { hasZombie, livingPids, memoryOf } from '../support/processes.js';
import { randomCode } from '../support/random-code.js';

/** System calls with random arguments, by some processes on three harts in turn. */
const { rounds: CALLS, seed: SEED, timeout } = fuzzing(1_500);
const HARTS = 3;
const DISK = { blocks: 160, inodes: 32 };
/** Calls between two audits. */
const ROUND = 500;
/** Children that the first process keeps going. */
const CHILDREN = 6;
const MS_PER_STEP = 20;

/** The first process's first child. What these two have in their pages must stay, whatever the others do. */
const BYSTANDER = 2;
const STAMP: Readonly<Record<number, number>> = { 1: 0x11, [BYSTANDER]: 0x22 };
const STAMPED = [DATA, DATA + PAGE_SIZE, STACK];

/** Where a process has the path that it names, and a vector that points to it. */
const PATH = DATA + 0x40;
const VECTOR = DATA + 0x200;
const PATHS = [
  ...['/', '.', '..', 'a', '/a', 'd', 'd/e', '../d/.', '//new', 'program', 'broken', 'a/b', 'console', ''],
  ...['n'.repeat(20), 'x'.repeat(200)],
];
/** Values on which bounds checks break, and flags of open. */
const EDGES = [
  ...[0n, 1n, -1n, BigInt(GUARD), BigInt(END - 1), BigInt(MAXVA - 1), BigInt(MAXVA), BigInt(MAXVA + 1)],
  ...[0x7fff_ffffn, 0x8000_0000n, 0xffff_ffffn, 0x1_0000_0000n, 1n << 63n, (1n << 63n) - 1n, 0x1000n, 0x2001n],
  ...[0x200n, 0x201n, 0x202n, 0x402n, 0x601n],
];

class RandomCalls {
  readonly machine: KernelMachine;
  private readonly random = new RandomNumbers(SEED, 1);

  constructor(design: string) {
    const program = elfImage({ content: 64, segments: [{ flags: 7, fileSize: 64n, memSize: 8192n }] });
    const disk = mkfs(
      [
        { name: 'a', data: randomCode(new RandomNumbers(SEED, 2), 3000) },
        { name: 'program', data: program },
        { name: 'broken', data: program.slice(0, 100) },
      ],
      DISK,
    );
    this.machine = KernelMachine.booted({ design, harts: HARTS, memory: 4, processes: 12, disk });
    this.machine.result(0, Sys.fork);
    for (const pid of [1, BYSTANDER]) this.until(pid, (hart) => this.stamp(hart, pid));
  }

  /** Makes so many calls. */
  run(calls: number): void {
    for (let done = 0; done < calls; ) {
      const hart = this.random.below(HARTS);
      this.machine.time += MS_PER_STEP;
      this.limitMemory();
      const pid = this.machine.runningPid(hart);
      if (pid === 0 || this.random.below(8) === 0) this.interrupt(hart);
      else if (pid === 1) this.raise(hart);
      else if (pid === BYSTANDER) this.disturb(hart);
      else {
        this.call(hart);
        done++;
      }
    }
  }

  /** Kills all but the two, and waits for them. */
  clear(): void {
    const { machine } = this;
    machine.allocations = Number.POSITIVE_INFINITY;
    while (livingPids(machine).length > 2) {
      machine.time += MS_PER_STEP;
      for (const pid of livingPids(machine)) if (pid > BYSTANDER) machine.kernel.parts.sleep.kill(pid);
      for (let hart = 0; hart < HARTS; hart++) {
        if (machine.runningPid(hart) === 1 && hasZombie(machine)) machine.call(hart, Sys.wait, 0);
        else machine.interrupt(hart);
      }
    }
  }

  check(): void {
    const { machine } = this;
    const { ram, layout } = machine;
    const hint = `seed ${SEED}`;
    expect(machine.violations(), hint).toEqual([]);
    expect(checkImage(ram.read(layout.disk, DISK.blocks * BSIZE)), hint).toBeUndefined();
    for (const pid of [1, BYSTANDER])
      for (const page of STAMPED) expect(memoryOf(machine, pid, page, 1)[0], `${hint}, pid ${pid}`).toBe(STAMP[pid]);
  }

  private interrupt(hart: number): void {
    if (this.machine.interrupt(hart) === Next.Halt) throw new Error('the first process has ended');
  }

  private until(pid: number, act: (hart: number) => void): void {
    for (;;) {
      for (let hart = 0; hart < HARTS; hart++) {
        if (this.machine.runningPid(hart) === pid) {
          act(hart);
          return;
        }
        this.machine.interrupt(hart);
      }
    }
  }

  private stamp(hart: number, pid: number): void {
    for (const page of STAMPED) this.machine.userStore(hart, page, STAMP[pid]!);
  }

  /** From time to time only a few allocations succeed. */
  private limitMemory(): void {
    const dice = this.random.below(300);
    if (dice === 0) this.machine.allocations = this.random.below(12);
    else if (dice < 6) this.machine.allocations = Number.POSITIVE_INFINITY;
  }

  /** The first process: there are always some children, and the dead are buried. */
  private raise(hart: number): void {
    const { machine } = this;
    if (hasZombie(machine)) machine.call(hart, Sys.wait, 0);
    else if (livingPids(machine).length < CHILDREN + 2) machine.call(hart, Sys.fork);
    else machine.interrupt(hart);
  }

  /** Now and then the bystander kills somebody, so that not everybody sleeps for ever. */
  private disturb(hart: number): void {
    const { machine, random } = this;
    const others = livingPids(machine).filter((pid) => pid > BYSTANDER);
    if (others.length > 0 && random.below(4) === 0)
      machine.result(hart, Sys.kill, others[random.below(others.length)]!);
    else machine.interrupt(hart);
  }

  private call(hart: number): void {
    const { machine, random } = this;
    const on = machine.harts[hart]!;
    if (random.below(2) === 0 && !this.prepare(hart)) return;
    const number = random.below(24);
    const values = Array.from({ length: 3 }, () => this.argument());
    if (number === Sys.kill && BigInt.asIntN(32, values[0]!) <= BYSTANDER) values[0] = -1n;
    for (const [index, value] of values.entries()) on.setX(10 + index, value);
    on.setX(17, BigInt(number));
    machine.kernels[hart]!.trap(on, Cause.UserEcall);
  }

  /** Writes a path and a vector where they belong, or somewhere. false: the process did not survive it. */
  private prepare(hart: number): boolean {
    const { machine, random } = this;
    const shift = random.below(8) === 0 ? random.below(END) : 0;
    const path = `${PATHS[random.below(PATHS.length)]}\0`;
    const bytes: [number, number][] = Array.from(path, (letter, i) => [PATH + shift + i, letter.charCodeAt(0)]);
    const vector = [PATH & 0xff, PATH >> 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    bytes.push(...vector.map((byte, i): [number, number] => [VECTOR + i, byte]));
    const pid = machine.runningPid(hart);
    return bytes.every(([va, value]) => {
      machine.userStore(hart, va, value);
      return machine.runningPid(hart) === pid;
    });
  }

  private argument(): bigint {
    const { random } = this;
    switch (random.below(6)) {
      case 0:
        return BigInt(random.below(NOFILES));
      case 1:
        return BigInt(PATH);
      case 2:
        return BigInt(VECTOR);
      case 3:
        return EDGES[random.below(EDGES.length)]!;
      case 4:
        return BigInt(random.below(END + PAGE_SIZE));
      default:
        return BigInt.asIntN(64, (BigInt(random.word()) << 32n) | BigInt(random.word()));
    }
  }
}
/** File descriptors, and some that cannot be. */
const NOFILES = 20;

describe('random system calls', () => {
  it.each(sampled(designs, 2).map(({ name }) => name))(
    'leave every page, the disk and everybody else’s memory in order under %s',
    { timeout },
    (design) => {
      const calls = new RandomCalls(design);
      const { machine } = calls;
      const { freePages } = machine.statistics();
      for (let done = 0; done < CALLS; done += ROUND) {
        calls.run(ROUND);
        calls.check();
      }
      calls.clear();
      calls.check();
      expect(machine.statistics().freePages, `seed ${SEED}`).toBe(freePages);
    },
  );
});
