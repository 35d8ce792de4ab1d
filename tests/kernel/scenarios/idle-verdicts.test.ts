import { describe, expect, it } from 'vitest';
import { idleVerdicts } from '../../../kernel/scenarios/idle-verdicts.js';
import { Sys } from '../../../kernel/trap/syscall.js';
import { SharedDoorbells } from '../../../src/machine/shared-doorbells.js';
import { KernelMachine } from '../../support/kernel-machine.js';

describe('a hart that sleeps at rest', () => {
  it('is told of when a process waits for a hart and nobody has rung', () => {
    const machine = KernelMachine.booted({ harts: 2 });
    const told = () => idleVerdicts(machine.memory, machine.layout);
    expect(told()).toEqual([]);
    // The fork rings for its child: the hart has not got up yet, but it will.
    machine.call(0, Sys.fork);
    expect(told()).toEqual([]);
    new SharedDoorbells(machine.memory).markIdle(machine.harts[1]!);
    const summary = 'hart 1 sleeps although proc[1] waits for a hart: nobody has rung';
    expect(told()).toEqual([{ place: 'a lost ring', summary }]);
    machine.interrupt(1);
    expect(told()).toEqual([]);
  });

  it('is none of those who were rung: each takes up one', () => {
    const machine = KernelMachine.booted({ harts: 3 });
    const told = () => idleVerdicts(machine.memory, machine.layout).map(({ summary }) => summary);
    const bells = new SharedDoorbells(machine.memory);
    bells.markIdle(machine.harts[2]!);
    machine.call(0, Sys.fork);
    // Hart 1 was rung for it.
    expect(told()).toEqual([]);
    machine.call(0, Sys.fork);
    expect(told()).toEqual(['hart 2 sleeps although proc[2] waits for a hart: nobody has rung']);
  });
});
