import { ProcState, proc } from '../../kernel/process/proc-struct.js';
import { PAGE_SIZE } from '../../src/isa/sv39.js';
import type { KernelMachine } from './kernel-machine.js';

/** Pids of those who have a slot, zombies too, in the order of their slots. */
export function livingPids({ ram, layout }: KernelMachine): number[] {
  return layout.procs
    .filter((p) => proc.fields.state.load(ram, p) !== ProcState.Unused)
    .map((p) => proc.fields.pid.load(ram, p));
}

/** Whether somebody has exited whom nobody has waited for. */
export function hasZombie({ ram, layout }: KernelMachine): boolean {
  return layout.procs.some((p) => proc.fields.state.load(ram, p) === ProcState.Zombie);
}

/** Memory of a process, as it sees it. */
export function memoryOf(machine: KernelMachine, pid: number, va: number, length: number): Uint8Array {
  const p = machine.layout.procs.find((slot) => proc.fields.pid.load(machine.ram, slot) === pid);
  if (p === undefined) throw new Error(`there is no process ${pid}`);
  const table = proc.fields.pagetable.load(machine.ram, p);
  const out = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const piece = machine.kernel.parts.copyUser.copyin(table, va + done, Math.min(PAGE_SIZE, length - done));
    if (piece === undefined) throw new Error(`process ${pid} has no page at 0x${(va + done).toString(16)}`);
    out.set(piece, done);
    done += piece.length;
  }
  return out;
}
