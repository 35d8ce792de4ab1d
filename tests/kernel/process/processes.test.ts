import { describe, expect, it } from 'vitest';
import { readOutcome } from '../../../kernel/books/statistics.js';
import { system } from '../../../kernel/layout.js';
import { MAX_PID } from '../../../kernel/params.js';
import { ProcState, proc } from '../../../kernel/process/proc-struct.js';
import { Sys } from '../../../kernel/trap/syscall.js';
import { Next } from '../../../src/hart/trap-handler.js';
import { DATA, KernelMachine } from '../../support/kernel-machine.js';

describe('processes', () => {
  it('a parent that waits sleeps, and is woken by the exit of its child with the status', () => {
    const machine = KernelMachine.booted();
    const pid = machine.result(0, Sys.fork);
    expect(machine.call(0, Sys.wait, DATA)).toBe(Next.Run);
    expect(machine.runningPid(0)).toBe(pid);
    expect(machine.call(0, Sys.exit, -5)).toBe(Next.Run);
    expect(machine.runningPid(0)).toBe(1);
    expect(machine.a0(0)).toBe(pid);
    expect(machine.userLoad(0, DATA)).toBe(251);
    expect(machine.result(0, Sys.wait, 0)).toBe(-1);
  });

  it('a sleeping call goes on, on whichever hart picks the process up, behind its ecall and with its registers', () => {
    const machine = KernelMachine.booted({ harts: 2 });
    machine.harts[0]!.pc = 0x40n;
    machine.harts[0]!.setX(9, -77n);
    machine.result(0, Sys.fork);
    machine.interrupt(1);
    expect(machine.call(0, Sys.wait, 0)).toBe(Next.Idle);
    expect(machine.call(1, Sys.exit, 3)).toBe(Next.Run);
    expect(machine.runningPid(1)).toBe(1);
    expect(machine.harts[1]!.pc).toBe(0x48n);
    expect(machine.harts[1]!.getX(9)).toBe(-77n);
    expect(machine.a0(1)).toBe(2);
    expect(machine.runningPid(0)).toBe(0);
  });

  it('wait with a bad address leaves the child to be waited for', () => {
    const machine = KernelMachine.booted();
    machine.result(0, Sys.fork);
    machine.call(0, Sys.wait, 0x3fff_ffff);
    machine.call(0, Sys.exit, 1);
    expect(machine.a0(0)).toBe(-1);
    expect(machine.result(0, Sys.wait, 0)).toBe(2);
  });

  it('wait writes no status over read-only text', () => {
    const machine = KernelMachine.booted();
    machine.result(0, Sys.fork);
    const before = machine.userLoad(0, 0);
    machine.call(0, Sys.wait, 0);
    machine.call(0, Sys.exit, 1);
    machine.result(0, Sys.fork);
    machine.call(0, Sys.wait, 4);
    machine.call(0, Sys.exit, 1);
    expect(machine.a0(0)).toBe(-1);
    expect(machine.userLoad(0, 0)).toBe(before);
  });

  it('kill ends a process that sleeps, long before its time', () => {
    const machine = KernelMachine.booted({ harts: 2 });
    machine.result(0, Sys.fork);
    machine.interrupt(1);
    expect(machine.call(1, Sys.sleep, 1_000_000)).toBe(Next.Idle);
    expect(machine.result(0, Sys.kill, 2)).toBe(0);
    expect(machine.interrupt(1)).toBe(Next.Idle);
    expect(machine.result(0, Sys.wait, DATA)).toBe(2);
    expect(machine.userLoad(0, DATA)).toBe(255);
    expect(machine.violations()).toEqual([]);
  });

  it('a process that is killed as it goes to sleep does not sleep', () => {
    const machine = KernelMachine.booted({ harts: 2 });
    machine.result(0, Sys.fork);
    machine.interrupt(1);
    const child = machine.running(1);
    const { sleep, table } = machine.kernels[1]!.parts;
    const lk = machine.layout.locks.find((lock) => lock.name === 'time')!.address;
    const { spin } = Reflect.get(table, 'cx') as {
      spin: { acquire(lock: number): void; holding(lock: number): boolean };
    };
    spin.acquire(lk);
    proc.fields.killed.store(machine.ram, child, 1);
    expect(sleep.sleep(child, 0x8000_0000, lk)).toBe(false);
    expect(spin.holding(lk)).toBe(true);
    expect(proc.fields.state.load(machine.ram, child)).toBe(ProcState.Running);
  });

  it('kill ends a process that runs on another hart at its next entry', () => {
    const machine = KernelMachine.booted({ harts: 2 });
    machine.result(0, Sys.fork);
    machine.interrupt(1);
    machine.result(0, Sys.kill, 2);
    expect(machine.interrupt(1)).toBe(Next.Idle);
    expect(machine.result(0, Sys.wait, 0)).toBe(2);
  });

  it('kill knows no pid that nobody has, and not 0', () => {
    const machine = KernelMachine.booted();
    expect(machine.result(0, Sys.kill, 99)).toBe(-1);
    expect(machine.result(0, Sys.kill, 0)).toBe(-1);
    expect(machine.result(0, Sys.kill, -1)).toBe(-1);
  });

  it('fork fails when the table is full, and works again when a slot is free', () => {
    const machine = KernelMachine.booted({ processes: 3 });
    expect(machine.result(0, Sys.fork)).toBe(2);
    expect(machine.result(0, Sys.fork)).toBe(3);
    expect(machine.result(0, Sys.fork)).toBe(-1);
    machine.call(0, Sys.wait, 0);
    machine.call(0, Sys.exit, 0);
    while (machine.runningPid(0) !== 1) machine.interrupt(0);
    expect(machine.result(0, Sys.fork)).toBe(4);
    expect(machine.violations()).toEqual([]);
  });

  it('orphans become children of the first process', () => {
    const machine = KernelMachine.booted({ harts: 3 });
    machine.result(0, Sys.fork);
    machine.interrupt(1);
    expect(machine.result(1, Sys.fork)).toBe(3);
    machine.interrupt(2);
    expect(machine.runningPid(2)).toBe(3);
    machine.call(1, Sys.exit, 0);
    expect(machine.result(0, Sys.wait, 0)).toBe(2);
    machine.call(2, Sys.exit, 9);
    expect(machine.result(0, Sys.wait, DATA)).toBe(3);
    expect(machine.userLoad(0, DATA)).toBe(9);
  });

  it('an orphan that has exited already wakes the first process', () => {
    const machine = KernelMachine.booted({ harts: 3 });
    machine.result(0, Sys.fork);
    machine.interrupt(1);
    machine.result(1, Sys.fork);
    machine.interrupt(2);
    machine.call(2, Sys.exit, 9);
    expect(machine.call(0, Sys.wait, 0)).toBe(Next.Idle);
    // Its own exit alone would give the first process one child; the orphan is the second.
    machine.call(1, Sys.exit, 0);
    const reaped = [machine.a0(1), machine.result(1, Sys.wait, 0)];
    expect(reaped.sort()).toEqual([2, 3]);
  });

  it.each([
    ['has exited already', true],
    ['is still to exit', false],
  ])(
    'an orphan that %s is nobody’s child where the first process is no init, and its slot is free again',
    (_, before) => {
      const machine = KernelMachine.booted({ harts: 3, processes: 3, adopts: false });
      machine.result(0, Sys.fork);
      machine.interrupt(1);
      expect(machine.result(1, Sys.fork)).toBe(3);
      machine.interrupt(2);
      expect(machine.runningPid(2)).toBe(3);
      if (before) machine.call(2, Sys.exit, 9);
      machine.call(1, Sys.exit, 5);
      if (!before) machine.call(2, Sys.exit, 9);
      expect(machine.result(0, Sys.wait, DATA)).toBe(2);
      expect(machine.userLoad(0, DATA)).toBe(5);
      expect(machine.result(0, Sys.wait, 0)).toBe(-1);
      expect([machine.result(0, Sys.fork), machine.result(0, Sys.fork), machine.result(0, Sys.fork)]).toEqual([
        4, 5, -1,
      ]);
      expect(machine.violations()).toEqual([]);
    },
  );

  it('the machine halts with the status of the first process, whoever is left', () => {
    const machine = KernelMachine.booted({ harts: 2 });
    machine.result(0, Sys.fork);
    machine.interrupt(1);
    expect(readOutcome(machine.ram, machine.layout)).toBeUndefined();
    expect(machine.call(0, Sys.exit, -3)).toBe(Next.Halt);
    expect(readOutcome(machine.ram, machine.layout)).toBe(-3);
    expect(machine.call(1, Sys.exit, 0)).toBe(Next.Halt);
    expect(machine.violations()).toEqual([]);
  });

  it('pids go round, and skip those that are still in use', () => {
    const machine = KernelMachine.booted({ processes: 4 });
    expect(machine.result(0, Sys.fork)).toBe(2);
    system.fields.nextpid.store(machine.ram, machine.layout.system, MAX_PID);
    expect(machine.result(0, Sys.fork)).toBe(MAX_PID);
    expect(machine.result(0, Sys.fork)).toBe(3);
  });
});
