import { Interrupt } from '../isa/causes.js';
import { STCE } from '../isa/csrs.js';
import type { Hart } from './hart.js';

const STIP = 1 << Interrupt.SupervisorTimer;

/** Whether the hart's supervisor has a timer of its own (Sstc: menvcfg.STCE). */
function isOn(hart: Hart): boolean {
  return (hart.getCsr('menvcfg') & STCE) !== 0n;
}

/** The tick at which stimecmp interrupts, as a double; Infinity where there is no such timer. */
export function supervisorDeadline(hart: Hart): number {
  return isOn(hart) ? Number(hart.getCsr('stimecmp')) : Number.POSITIVE_INFINITY;
}

/** Brings mip.STIP up to `now`, where it is the timer's. */
export function updateSupervisorTimer(hart: Hart, now: number): void {
  if (!isOn(hart)) return;
  const due = now >= supervisorDeadline(hart);
  if (due === ((hart.pending & STIP) !== 0)) return;
  if (due) hart.setPending(STIP);
  else hart.clearPending(STIP);
}
