import { Interrupt } from '../isa/causes.js';
import { csrs, STCE } from '../isa/csrs.js';
import { hartBlock } from '../memory/map.js';
import type { SharedMemory } from '../memory/shared-memory.js';
import type { Hart } from './hart.js';

const STIP = 1 << Interrupt.SupervisorTimer;

/** In the upper word of menvcfg. */
const STCE_HIGH = Number(STCE >> 32n);

/** The tick at which stimecmp interrupts that hart, as a double; Infinity where its supervisor has no timer of its own (Sstc: menvcfg.STCE). */
export function supervisorDeadline({ host, map }: SharedMemory, hart: number): number {
  const at = (csr: 'menvcfg' | 'stimecmp') => hartBlock.fields.csr.at(map.harts[hart]!.block, csrs[csr].slot);
  const isOn = (host.load32(at('menvcfg') + 4) & STCE_HIGH) !== 0;
  return isOn ? host.load64(at('stimecmp')) : Number.POSITIVE_INFINITY;
}

/** Brings mip.STIP up to `now`, where it is the timer's. */
export function updateSupervisorTimer(hart: Hart, now: number): void {
  const deadline = supervisorDeadline(hart.memory, hart.id);
  if (deadline === Number.POSITIVE_INFINITY) return;
  const due = now >= deadline;
  if (due === ((hart.pending & STIP) !== 0)) return;
  if (due) hart.setPending(STIP);
  else hart.clearPending(STIP);
}
