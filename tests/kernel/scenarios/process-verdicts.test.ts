import { describe, expect, it } from 'vitest';
import { cpu } from '../../../kernel/process/cpu.js';
import { ProcState, proc } from '../../../kernel/process/proc-struct.js';
import { processVerdicts } from '../../../kernel/scenarios/process-verdicts.js';
import { KernelMachine } from '../../support/kernel-machine.js';

const FORK = 1;
const WAIT = 3;

/** Two processes, each on its hart. */
function family(): KernelMachine {
  const machine = KernelMachine.booted({ harts: 2 });
  machine.call(0, FORK);
  machine.interrupt(1);
  return machine;
}
const verdicts = ({ ram, layout }: KernelMachine) => processVerdicts(ram, layout).map(({ summary }) => summary);

describe('the process table at rest', () => {
  it('has nothing against a family that runs', () => {
    expect(verdicts(family())).toEqual([]);
  });

  it('tells of two processes with one pid', () => {
    const machine = family();
    proc.fields.pid.store(machine.ram, machine.layout.procs[1]!, 1);
    expect(verdicts(machine)).toEqual(['proc[0] and proc[1] have the same pid, 1']);
  });

  it('tells of a process on two harts, and of the one that is then on none', () => {
    const machine = family();
    cpu.fields.proc.store(machine.ram, machine.layout.cpus[1]!, machine.layout.procs[0]!);
    expect(verdicts(machine)).toEqual(['proc[0] runs on harts 0 and 1 at once', 'proc[1] is running, but on no hart']);
  });

  it('tells of a process that runs although it is marked as runnable', () => {
    const machine = family();
    proc.fields.state.store(machine.ram, machine.layout.procs[1]!, ProcState.Runnable);
    expect(verdicts(machine)).toEqual(['proc[1] runs on hart 1, but its state is Runnable']);
  });

  it('tells of a process that nobody goes on making, and of an unused slot that is not as new', () => {
    const machine = family();
    const { state, killed, parent } = proc.fields;
    const [first, , third, fourth] = machine.layout.procs;
    state.store(machine.ram, third!, ProcState.Used);
    killed.store(machine.ram, fourth!, 1);
    parent.store(machine.ram, fourth!, first!);
    expect(verdicts(machine)).toEqual([
      'proc[2] is half made, and nobody is making it any more',
      'proc[3] is unused, and has been killed: so will be whoever gets the slot',
      'proc[3] is unused, and has a parent, which may wait for it for ever',
    ]);
  });

  it('tells of a zombie that nobody will wait for, unless it is the first process', () => {
    const machine = family();
    const [first, child] = machine.layout.procs;
    for (const p of [first!, child!]) {
      proc.fields.state.store(machine.ram, p, ProcState.Zombie);
      proc.fields.parent.store(machine.ram, p, 0);
    }
    for (const hart of machine.layout.cpus) cpu.fields.proc.store(machine.ram, hart, 0);
    expect(verdicts(machine)).toEqual(['proc[1] has exited and has no parent: nobody will ever wait for it']);
  });

  it('tells of a parent that waits for a child that has exited, and of a sleeper that was killed', () => {
    const machine = family();
    const [parent, child] = machine.layout.procs;
    machine.call(0, WAIT, 0);
    expect(verdicts(machine)).toEqual([]);
    cpu.fields.proc.store(machine.ram, machine.layout.cpus[1]!, 0);
    proc.fields.state.store(machine.ram, child!, ProcState.Zombie);
    expect(verdicts(machine)).toEqual([
      'proc[0] sleeps in wait although its child proc[1] has exited: the wakeup was lost',
    ]);
    proc.fields.state.store(machine.ram, child!, ProcState.Unused);
    proc.fields.parent.store(machine.ram, child!, 0);
    proc.fields.killed.store(machine.ram, parent!, 1);
    expect(verdicts(machine)).toEqual(['proc[0] sleeps on although it has been killed']);
  });
});
