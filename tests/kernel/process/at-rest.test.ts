import { describe, expect, it } from 'vitest';
import { readOutcome } from '../../../kernel/books/statistics.js';
import { CONSOLE } from '../../../kernel/params.js';
import { Sys } from '../../../kernel/trap/syscall.js';
import { Next } from '../../../src/hart/trap-handler.js';
import { DiskUser, disk } from '../../support/disk-user.js';
import { elfImage } from '../../support/elf-image.js';
import { DATA, KernelMachine } from '../../support/kernel-machine.js';

const TICK_MS = 100;
function virtual(harts = 1) {
  return KernelMachine.booted({ harts, memory: 4, virtualTime: true });
}

describe('virtual time', () => {
  it('skips a sleep when nobody has anything to do, and no tick more', () => {
    const machine = virtual();
    machine.time += 30;
    expect(machine.call(0, Sys.sleep, 1000)).toBe(Next.Run);
    expect(machine.a0(0)).toBe(0);
    expect(machine.result(0, Sys.uptime)).toBe(1000);
    expect(machine.time).toBe(5030 + 1000 * TICK_MS);
  });

  it('skips the longest sleep there is, several times over', () => {
    const machine = virtual();
    for (let times = 0; times < 5; times++) expect(machine.result(0, Sys.sleep, 0x7fff_ffff)).toBe(0);
    // Ticks are an unsigned int.
    expect(machine.result(0, Sys.uptime)).toBe((5 * 0x7fff_ffff) % 2 ** 32);
  });

  it('stands while a process runs', () => {
    const machine = virtual(2);
    machine.result(0, Sys.fork);
    machine.interrupt(1);
    expect(machine.call(1, Sys.sleep, 10)).toBe(Next.Idle);
    expect(machine.interrupt(1)).toBe(Next.Idle);
    expect(machine.time).toBe(5000);
  });

  it('wakes the sleepers in the order of their ticks', () => {
    const machine = virtual(2);
    machine.result(0, Sys.fork);
    machine.interrupt(1);
    expect(machine.call(1, Sys.sleep, 20)).toBe(Next.Idle);
    const [parent, child] = [1, 2];
    expect(machine.call(0, Sys.sleep, 10)).toBe(Next.Run);
    expect(machine.runningPid(0)).toBe(parent);
    expect(machine.result(0, Sys.uptime)).toBe(10);
    expect(machine.call(0, Sys.sleep, 15)).toBe(Next.Run);
    expect(machine.runningPid(0)).toBe(child);
    expect(machine.result(0, Sys.uptime)).toBe(20);
  });

  it('stands while everybody waits for the console', () => {
    const machine = virtual();
    expect(machine.call(0, Sys.read, 0, DATA, 10)).toBe(Next.Idle);
    expect(machine.interrupt(0)).toBe(Next.Idle);
    expect(machine.time).toBe(5000);
  });

  it('lets what has been typed come before the next tick', () => {
    const machine = virtual(2);
    machine.result(0, Sys.fork);
    machine.interrupt(1);
    expect(machine.call(1, Sys.read, 0, DATA, 10)).toBe(Next.Idle);
    machine.type('x\n');
    expect(machine.call(0, Sys.sleep, 10)).toBe(Next.Run);
    expect(machine.runningPid(0)).toBe(2);
    expect(machine.time).toBe(5000);
  });
});

describe('real time', () => {
  it('takes its time', () => {
    const machine = KernelMachine.booted();
    expect(machine.call(0, Sys.sleep, 10)).toBe(Next.Idle);
    expect(machine.interrupt(0)).toBe(Next.Idle);
    expect(machine.time).toBe(5000);
    machine.time += 10 * TICK_MS;
    expect(machine.interrupt(0)).toBe(Next.Run);
  });
});

describe('a session', () => {
  /** Init, from the disk, on hart 0; hart 1 runs its shells. The test plays both. */
  function session() {
    const files = [{ name: 'init', data: elfImage({ segments: [{ flags: 7, memSize: 0x4000n }] }) }];
    const machine = KernelMachine.booted({
      harts: 2,
      memory: 4,
      disk: disk(files, 300),
      program: 'disk',
      argv: ['/init'],
      consoleOpen: false,
    });
    const init = new DiskUser(machine, 0);
    init.mknod('console', CONSOLE);
    expect(init.open('console', 2)).toBe(0);
    return {
      machine,
      /** Init starts a shell and waits for it; the shell reads. What that left hart 1 with. */
      shell: (): Next => {
        const pid = machine.result(0, Sys.fork);
        expect(machine.interrupt(1)).toBe(Next.Run);
        expect(machine.runningPid(1)).toBe(pid);
        expect(machine.call(0, Sys.wait, 0)).toBe(Next.Idle);
        return machine.call(1, Sys.read, 0, DATA, 10);
      },
      outcome: () => readOutcome(machine.ram, machine.layout),
    };
  }

  it('is over when a second shell comes to the end of the input', () => {
    const { machine, shell, outcome } = session();
    machine.inputEnds = true;
    expect(shell()).toBe(Next.Run);
    expect(machine.a0(1)).toBe(0);
    expect(machine.call(1, Sys.exit, 0)).toBe(Next.Run);
    // Init, on hart 1, starts another, and waits for it there.
    const second = machine.result(1, Sys.fork);
    expect(machine.call(1, Sys.wait, 0)).toBe(Next.Run);
    expect(machine.runningPid(1)).toBe(second);
    expect(machine.call(1, Sys.read, 0, DATA, 10)).toBe(Next.Halt);
    expect(outcome()).toBe(0);
    expect(machine.interrupt(0)).toBe(Next.Halt);
    expect(machine.violations()).toEqual([]);
  });

  it('goes on while somebody else still works', () => {
    const { machine, shell, outcome } = session();
    machine.inputEnds = true;
    shell();
    // A background process: its parent, the shell, exits, and it is init's.
    expect(machine.result(1, Sys.fork)).toBe(3);
    machine.call(1, Sys.exit, 0);
    expect(machine.runningPid(1)).toBe(3);
    expect(machine.interrupt(0)).toBe(Next.Run);
    const second = machine.result(0, Sys.fork);
    expect(machine.call(0, Sys.wait, 0)).toBe(Next.Run);
    expect(machine.runningPid(0)).toBe(second);
    expect(machine.call(0, Sys.read, 0, DATA, 10)).toBe(Next.Idle);
    expect(outcome()).toBeUndefined();
    expect(machine.call(1, Sys.sleep, 3)).toBe(Next.Idle);
    expect(outcome()).toBeUndefined();
    machine.time += 3 * TICK_MS;
    expect(machine.interrupt(1)).toBe(Next.Run);
    // Init hears of it, and waits again: now nobody is left who could do anything.
    expect(machine.call(1, Sys.exit, 0)).toBe(Next.Run);
    expect(machine.runningPid(1)).toBe(1);
    expect(outcome()).toBeUndefined();
    expect(machine.call(1, Sys.wait, 0)).toBe(Next.Halt);
    expect(outcome()).toBe(0);
  });

  it('tells its shell of the end of the input although an orphan was told before', () => {
    const { machine, shell } = session();
    expect(shell()).toBe(Next.Idle);
    machine.type('a line\n');
    expect(machine.interrupt(1)).toBe(Next.Run);
    // The shell's child leaves a child of its own to init.
    expect(machine.result(1, Sys.fork)).toBe(3);
    expect(machine.interrupt(0)).toBe(Next.Run);
    expect(machine.result(0, Sys.fork)).toBe(4);
    expect(machine.call(0, Sys.exit, 0)).toBe(Next.Run);
    expect(machine.runningPid(0)).toBe(4);
    machine.inputEnds = true;
    expect(machine.result(0, Sys.read, 0, DATA, 10)).toBe(0);
    expect(machine.result(1, Sys.read, 0, DATA, 10)).toBe(0);
  });

  it('of a program that is not init has no end: every read gives 0', () => {
    const machine = KernelMachine.booted({ harts: 2, memory: 4 });
    machine.inputEnds = true;
    for (let child = 2; child < 5; child++) {
      expect(machine.result(0, Sys.fork)).toBe(child);
      expect(machine.interrupt(1)).toBe(Next.Run);
      expect(machine.result(1, Sys.read, 0, DATA, 10)).toBe(0);
      machine.call(1, Sys.exit, 0);
      expect(machine.result(0, Sys.wait, 0)).toBe(child);
    }
  });
});
