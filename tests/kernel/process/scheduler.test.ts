import { describe, expect, it } from 'vitest';
import { TICK_MS } from '../../../kernel/params.js';
import { Sys } from '../../../kernel/trap/syscall.js';
import { Next } from '../../../src/hart/trap-handler.js';
import { KernelMachine, type StillEngine } from '../../support/kernel-machine.js';

describe('scheduler and timer', () => {
  it('a hart without work is marked idle, and no longer when it has some', () => {
    const machine = KernelMachine.booted({ harts: 2 });
    expect([...machine.idle]).toEqual([1]);
    machine.result(0, Sys.fork);
    expect(machine.interrupt(1)).toBe(Next.Run);
    expect([...machine.idle]).toEqual([]);
  });

  it('a process that becomes runnable rings for an idle hart', () => {
    const machine = KernelMachine.booted({ harts: 2 });
    const before = machine.rings;
    machine.result(0, Sys.fork);
    expect(machine.rings).toBe(before + 1);
  });

  it('the timer takes the hart away only when somebody else waits for it', () => {
    const machine = KernelMachine.booted();
    expect(machine.interrupt(0)).toBe(Next.Run);
    expect(machine.runningPid(0)).toBe(1);
    machine.result(0, Sys.fork);
    machine.interrupt(0);
    expect(machine.runningPid(0)).toBe(2);
    machine.interrupt(0);
    expect(machine.runningPid(0)).toBe(1);
  });

  it('everybody gets a turn', () => {
    const machine = KernelMachine.booted({ processes: 8 });
    for (let child = 0; child < 6; child++) machine.result(0, Sys.fork);
    const seen = Array.from({ length: 14 }, () => {
      machine.interrupt(0);
      return machine.runningPid(0);
    });
    expect(seen).toEqual([2, 3, 4, 5, 6, 7, 1, 2, 3, 4, 5, 6, 7, 1]);
  });

  it('a hart goes on with the process that it was the last to run, and comes to the others all the same', () => {
    const machine = KernelMachine.booted({ harts: 2 });
    machine.result(0, Sys.fork);
    machine.interrupt(1);
    machine.result(0, Sys.fork);
    machine.interrupt(1);
    // Round robin among all would give it pid 3, which hart 0 has made.
    expect(machine.runningPid(1)).toBe(2);
    const turns = Array.from({ length: 40 }, () => {
      machine.interrupt(1);
      return machine.runningPid(1);
    });
    expect(turns.indexOf(3)).toBeLessThan(32);
    expect(turns).toContain(3);
    // Now it has two of its own, in turn.
    expect(turns.slice(turns.indexOf(3), turns.indexOf(3) + 4)).toEqual([3, 2, 3, 2]);
  });

  it('a dispatch brings registers, pc and address space, and forgets old translations', () => {
    const machine = KernelMachine.booted();
    const [hart] = machine.harts;
    const engine = hart!.engine as StillEngine;
    hart!.setX(5, 1n << 63n);
    hart!.pc = 0x1234n;
    machine.result(0, Sys.fork);
    const mine = hart!.getCsr('satp');
    const flushes = engine.flushes;
    machine.interrupt(0);
    expect(engine.flushes).toBeGreaterThan(flushes);
    expect(hart!.getCsr('satp')).not.toBe(mine);
    expect(hart!.getCsr('satp')).toBe((8n << 60n) | BigInt(machine.pagetable(0) / 4096));
    expect(hart!.getX(5)).toBe(-(1n << 63n));
    hart!.setX(5, 7n);
    hart!.pc = 0n;
    machine.interrupt(0);
    expect(hart!.getX(5)).toBe(-(1n << 63n));
    expect(hart!.pc).toBe(0x1238n);
  });

  it('ticks follow the clock of the machine', () => {
    const machine = KernelMachine.booted();
    expect(machine.result(0, Sys.uptime)).toBe(0);
    machine.time += 3 * TICK_MS + TICK_MS / 2;
    machine.interrupt(0);
    expect(machine.result(0, Sys.uptime)).toBe(3);
  });

  it('a sleeper is woken at its tick and not before, though every hart is idle', () => {
    const machine = KernelMachine.booted({ harts: 2 });
    expect(machine.call(0, Sys.sleep, 2)).toBe(Next.Idle);
    machine.time += 2 * TICK_MS - 1;
    expect(machine.interrupt(1)).toBe(Next.Idle);
    machine.time += 1;
    expect(machine.interrupt(1)).toBe(Next.Run);
    expect(machine.runningPid(1)).toBe(1);
    expect(machine.a0(1)).toBe(0);
  });

  it('sleep of nothing, or less, returns at once', () => {
    const machine = KernelMachine.booted();
    expect(machine.result(0, Sys.sleep, 0)).toBe(0);
    expect(machine.result(0, Sys.sleep, -4)).toBe(0);
  });
});
