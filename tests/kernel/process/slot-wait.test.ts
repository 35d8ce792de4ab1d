import { describe, expect, it } from 'vitest';
import { TICK_MS } from '../../../kernel/params.js';
import { Sys } from '../../../kernel/trap/syscall.js';
import { Next } from '../../../src/hart/trap-handler.js';
import { KernelMachine } from '../../support/kernel-machine.js';

/** A full table: init on hart 0, a child of it on hart 1, and a zombie that init has not yet waited for. */
function full() {
  const machine = KernelMachine.booted({ harts: 2, processes: 3 });
  machine.result(0, Sys.fork);
  machine.interrupt(1);
  machine.call(1, Sys.exit, 0);
  machine.result(0, Sys.fork);
  machine.interrupt(1);
  // Pid 2 is the zombie, pid 3 on hart 1.
  expect(machine.runningPid(1)).toBe(3);
  return machine;
}

describe('a fork that finds no slot', () => {
  it('waits while init is about to reap', () => {
    const machine = full();
    expect(machine.call(1, Sys.fork)).toBe(Next.Idle);
    expect(machine.result(0, Sys.wait, 0)).toBe(2);
    expect(machine.interrupt(1)).toBe(Next.Run);
    expect(machine.runningPid(1)).toBe(3);
    expect(machine.a0(1)).toBe(4);
    expect(machine.violations()).toEqual([]);
  });

  it('fails when init has not come to it in a second', () => {
    const machine = full();
    expect(machine.call(1, Sys.fork)).toBe(Next.Idle);
    machine.time += 9 * TICK_MS;
    expect(machine.interrupt(1)).toBe(Next.Idle);
    machine.time += TICK_MS;
    expect(machine.interrupt(1)).toBe(Next.Run);
    expect(machine.a0(1)).toBe(-1);
  });

  it('fails at the next tick after init has gone to sleep otherwise', () => {
    const machine = full();
    expect(machine.call(1, Sys.fork)).toBe(Next.Idle);
    expect(machine.call(0, Sys.sleep, 100)).toBe(Next.Idle);
    machine.time += TICK_MS;
    // The tick wakes both; init, which this hart was the last to run, first, and it goes to sleep again.
    expect(machine.interrupt(0)).toBe(Next.Run);
    expect(machine.runningPid(0)).toBe(3);
    expect(machine.a0(0)).toBe(-1);
  });

  it('fails at once when init sleeps, or has nothing to reap, or is the one that forks', () => {
    const machine = full();
    expect(machine.result(0, Sys.fork)).toBe(-1);
    expect(machine.call(0, Sys.sleep, 100)).toBe(Next.Idle);
    expect(machine.result(1, Sys.fork)).toBe(-1);
    machine.time += 100 * TICK_MS;
    machine.interrupt(0);
    expect(machine.result(0, Sys.wait, 0)).toBe(2);
    expect(machine.result(0, Sys.fork)).toBe(4);
    expect(machine.result(1, Sys.fork)).toBe(-1);
  });

  it('ends with the process when that is killed', () => {
    const machine = full();
    expect(machine.call(1, Sys.fork)).toBe(Next.Idle);
    expect(machine.result(0, Sys.kill, 3)).toBe(0);
    expect(machine.interrupt(1)).toBe(Next.Idle);
    expect(machine.result(0, Sys.wait, 0)).toBe(2);
    expect(machine.result(0, Sys.wait, 0)).toBe(3);
    expect(machine.violations()).toEqual([]);
  });
});
