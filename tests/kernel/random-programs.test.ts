import { describe, expect, it } from 'vitest';
import { designs } from '../../kernel/page-sharing/designs.js';
import { Sys } from '../../kernel/trap/syscall.js';
import { CsrFile } from '../../src/hart/csr-file.js';
import { Exit } from '../../src/hart/engine.js';
import type { Hart } from '../../src/hart/hart.js';
import type { ProgramImage } from '../../src/hart/program-image.js';
import { carryOutSystem, SystemResult } from '../../src/hart/system.js';
import { Next } from '../../src/hart/trap-handler.js';
import { compileInterpreter } from '../../src/interpreter/compile-interpreter.js';
import { createInterpreter } from '../../src/interpreter/interpreter.js';
import { assemble } from '../../src/isa/assemble.js';
import { Cause } from '../../src/isa/causes.js';
import { PAGE_SIZE, ptePa } from '../../src/isa/sv39.js';
import { RandomNumbers } from '../../src/schedule/random-numbers.js';
import { fuzzing } from '../support/fuzzing.js';
import { KernelMachine } from '../support/kernel-machine.js';
import { sampled } from '../support/long-form.js';
import { livingPids, memoryOf } from '../support/processes.js';
import { randomCode } from '../support/random-code.js';

/** Programs of random bytes, each in a process of its own. */
const { rounds: PROGRAMS, seed: SEED, timeout } = fuzzing(15);

/** The program's system call by which a child asks for random code; the test answers it. */
const ASK = 4095;
const A0 = 10;
const A7 = 17;
/** Pid of the first process's first child. */
const BYSTANDER = 2;
const HARTS = 3;
const SLICE = 2_000;
/** Turns of the harts after which a program that has not ended by itself is killed. */
const TURNS = 12;
const ARENA = PAGE_SIZE;
const ARENA_PAGES = 2;

/** Its first child stands by for ever; the others make their arena their own and run what they find there. */
const { bytes } = assemble(`
  .set SYS_fork, 1
  .set SYS_wait, 3
    li a7, SYS_fork
    ecall
    beqz a0, bystander
  next:
    li a7, SYS_fork
    ecall
    beqz a0, child
    li a0, 0
    li a7, SYS_wait
    ecall
    j next
  child:
    li t0, ${ARENA}
    sb zero, 0(t0)
    li t1, ${ARENA + PAGE_SIZE}
    sb zero, 0(t1)
    li a7, ${ASK}
    ecall
    jr t0
  bystander:
    j bystander
`);
const pattern = Uint8Array.from({ length: ARENA_PAGES * PAGE_SIZE }, (_, i) => (i * 7) % 251);
const image: ProgramImage = {
  entry: 0,
  segments: [
    { vaddr: 0, fileBytes: bytes, memSize: PAGE_SIZE, writable: false, executable: true },
    { vaddr: ARENA, fileBytes: pattern, memSize: pattern.length, writable: true, executable: true },
  ],
};

/** Real harts under one kernel, a slice each in turn on this thread. */
class RandomPrograms {
  readonly machine: KernelMachine;
  private readonly next: Next[];
  private readonly csrs: readonly CsrFile[];
  private readonly random = new RandomNumbers(SEED, 0);
  private readonly born = new Map<number, number>();
  private turn = 0;
  started = 0;

  constructor(design: string, interpreter: WebAssembly.Module) {
    this.machine = new KernelMachine({
      ...{ design, harts: HARTS, memory: 3, processes: 12, program: image },
      engine: createInterpreter(interpreter),
    });
    const { harts, kernels } = this.machine;
    this.next = kernels.map((kernel, id) => kernel.start(harts[id]!));
    this.csrs = harts.map((hart) => new CsrFile(hart, () => BigInt(this.turn)));
  }

  /** Runs until so many children have been given random code. */
  run(programs: number): void {
    while (this.started < programs) {
      this.turn++;
      this.machine.time += 20;
      for (let hart = 0; hart < HARTS; hart++) this.slice(hart);
      this.killOverdue();
    }
  }

  private slice(id: number): void {
    const { harts, kernels } = this.machine;
    const hart = harts[id]!;
    const kernel = kernels[id]!;
    if (this.next[id] === Next.Run) {
      hart.budget = SLICE;
      for (let exit = hart.engine.run(); exit !== Exit.Budget; exit = hart.engine.run()) {
        if (exit === Exit.System && carryOutSystem(hart, this.csrs[id]!) !== SystemResult.Trap) continue;
        if (hart.cause === Cause.UserEcall && hart.getNumber(A7) === ASK) this.hand(id);
        else {
          this.spare(hart);
          this.next[id] = kernel.trap(hart, hart.cause);
        }
        if (this.next[id] !== Next.Run) break;
      }
    }
    if (this.next[id] === Next.Halt) throw new Error('the first process has ended');
    this.next[id] = kernel.interrupt(hart);
  }

  /** Gives the child on the hart random code, and registers half of which point into its memory. */
  private hand(id: number): void {
    const { machine, random } = this;
    const hart = machine.harts[id]!;
    const pid = machine.runningPid(id);
    if (this.born.has(pid)) {
      // It ran into the instruction that asks: an unknown system call then.
      this.next[id] = machine.kernels[id]!.trap(hart, hart.cause);
      return;
    }
    const { vm } = machine.kernels[id]!.parts;
    for (let page = 0; page < ARENA_PAGES; page++) {
      const pte = vm.userPte(machine.pagetable(id), ARENA + page * PAGE_SIZE);
      machine.ram.write(ptePa(machine.ram.load32(pte)), randomCode(random, PAGE_SIZE));
    }
    for (let register = 1; register < 32; register++)
      hart.setX(register, BigInt(random.below(2) === 0 ? random.word() : random.below(6 * PAGE_SIZE)));
    hart.pc = BigInt(ARENA + 2 * random.below(PAGE_SIZE / 2));
    this.born.set(pid, this.turn);
    this.started++;
  }

  /** The first process must live on, and the bystander be there to be looked at: nobody may kill them. */
  private spare(hart: Hart): void {
    const kills = hart.cause === Cause.UserEcall && hart.getNumber(A7) === Sys.kill;
    if (kills && hart.getNumber(A0) <= BYSTANDER) hart.setX(A0, -1n);
  }

  private killOverdue(): void {
    const { machine } = this;
    for (const pid of livingPids(machine)) {
      if (pid <= BYSTANDER) continue;
      const since = this.born.get(pid) ?? this.turn;
      this.born.set(pid, since);
      if (this.turn - since > TURNS) machine.kernel.parts.sleep.kill(pid);
    }
  }
}

describe('programs of random bytes', () => {
  const interpreter = compileInterpreter();
  it.each(sampled(designs, 4).map(({ name }) => name))(
    'end one way or another under %s: no page is lost, and nobody else’s memory has changed',
    { timeout },
    (design) => {
      const programs = new RandomPrograms(design, interpreter);
      const { machine } = programs;
      for (let done = 0; done < PROGRAMS; done += 50) {
        programs.run(Math.min(PROGRAMS, done + 50));
        expect(machine.violations(), `seed ${SEED}`).toEqual([]);
      }
      expect(livingPids(machine)).toEqual(expect.arrayContaining([1, BYSTANDER]));
      for (const pid of [1, BYSTANDER]) expect(memoryOf(machine, pid, ARENA, pattern.length)).toEqual(pattern);
    },
  );
});
