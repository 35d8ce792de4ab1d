import { describe, expect, it } from 'vitest';
import { Sys } from '../../kernel/syscall.js';
import { Next } from '../../src/hart/trap-handler.js';
import { DATA, KernelMachine } from '../support/kernel-machine.js';

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
