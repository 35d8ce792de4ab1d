import type { DirectAccess } from '../../src/memory/direct-access.js';
import type { Verdict } from '../books/verdict.js';
import { type KernelLayout, system } from '../layout.js';
import { cpu } from '../process/cpu.js';
import { ProcState, proc } from '../process/proc-struct.js';

const { state, killed, pid, chan, parent } = proc.fields;

/** What no process table may look like while every hart stands still outside the kernel, whatever came before. */
export function processVerdicts(ram: DirectAccess, layout: KernelLayout): Verdict[] {
  const verdicts: Verdict[] = [];
  const blame = (place: string, summary: string) => verdicts.push({ place, summary });
  const is = (p: number, wanted: ProcState) => state.load(ram, p) === wanted;
  const name = (p: number) => `proc[${layout.procs.indexOf(p)}]`;
  const running = layout.cpus.map((hart) => cpu.fields.proc.load(ram, hart));
  const owners = new Map<number, number>();

  for (const p of layout.procs) {
    const own = pid.load(ram, p);
    const twin = owners.get(own);
    if (twin !== undefined) blame('a pid twice', `${name(twin)} and ${name(p)} have the same pid, ${own}`);
    else if (own !== 0) owners.set(own, p);

    const harts = running.flatMap((other, hart) => (other === p ? [hart] : []));
    if (harts.length > 1) blame('a process on two harts', `${name(p)} runs on harts ${harts.join(' and ')} at once`);
    if (harts.length > 0 && !is(p, ProcState.Running))
      blame(
        'it runs, but its state is another',
        `${name(p)} runs on hart ${harts[0]}, but its state is ${stateName(state.load(ram, p))}`,
      );
    if (harts.length === 0 && is(p, ProcState.Running))
      blame('running on no hart', `${name(p)} is running, but on no hart`);

    if (is(p, ProcState.Used)) blame('half made', `${name(p)} is half made, and nobody is making it any more`);
    // Whoever makes a process takes the slot as it is.
    if (is(p, ProcState.Unused) && killed.load(ram, p) !== 0)
      blame('an unused slot is killed', `${name(p)} is unused, and has been killed: so will be whoever gets the slot`);
    if (is(p, ProcState.Unused) && parent.load(ram, p) !== 0)
      blame('an unused slot has a parent', `${name(p)} is unused, and has a parent, which may wait for it for ever`);

    if (is(p, ProcState.Zombie) && parent.load(ram, p) === 0 && p !== system.fields.initproc.load(ram, layout.system))
      blame('a zombie without a parent', `${name(p)} has exited and has no parent: nobody will ever wait for it`);

    if (!is(p, ProcState.Sleeping)) continue;
    if (killed.load(ram, p) !== 0) blame('a killed sleeper', `${name(p)} sleeps on although it has been killed`);
    // Who waits for children sleeps on its own struct proc.
    const zombie = layout.procs.find((child) => parent.load(ram, child) === p && is(child, ProcState.Zombie));
    if (chan.load(ram, p) === p && zombie !== undefined)
      blame(
        'a lost wakeup',
        `${name(p)} sleeps in wait although its child ${name(zombie)} has exited: the wakeup was lost`,
      );
  }
  return verdicts;
}

function stateName(value: number): string {
  return Object.entries(ProcState).find(([, number]) => number === value)?.[0] ?? String(value);
}
