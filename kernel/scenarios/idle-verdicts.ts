import { controlBlock } from '../../src/memory/map.js';
import type { SharedMemory } from '../../src/memory/shared-memory.js';
import type { Verdict } from '../books/verdict.js';
import { type KernelLayout, system } from '../layout.js';
import { cpu } from '../process/cpu.js';
import { ProcState, proc } from '../process/proc-struct.js';

const { idleLow, idleHigh } = controlBlock.fields;
const BITS = 32;

/**
 * Harts that sleep at rest, and whom nobody has rung, although a process waits for one: they would sleep on until the next
 * interrupt of their own.
 */
export function idleVerdicts({ host, ram, map }: SharedMemory, layout: KernelLayout): Verdict[] {
  if (system.fields.halted.load(ram, layout.system) !== 0) return [];
  const waiting = layout.procs.filter((p) => proc.fields.state.load(ram, p) === ProcState.Runnable);
  const free = map.harts.map((_, hart) => hart).filter((hart) => cpu.fields.proc.load(ram, layout.cpus[hart]!) === 0);
  const isMarked = (hart: number) => {
    const word = hart < BITS ? idleLow : idleHigh;
    return ((word.load(host, map.control) >>> (hart % BITS)) & 1) !== 0;
  };
  const asleep = free.filter(isMarked);
  // Those that were rung will take one up each.
  const left = waiting[free.length - asleep.length];
  if (left === undefined || asleep.length === 0) return [];
  const summary = `hart ${asleep[0]} sleeps although proc[${layout.procs.indexOf(left)}] waits for a hart: nobody has rung`;
  return [{ place: 'a lost ring', summary }];
}
