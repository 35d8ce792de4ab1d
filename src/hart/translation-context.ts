import { Privilege } from '../isa/privilege.js';
import { Status } from '../isa/status.js';

/** No translations have been cached yet. */
export const NEVER_CACHED = 0;
/** Nothing is translated, neither fetches nor loads and stores. */
export const BARE = 1;
/** A bit that is in neither modes nor grants, so that no other context is taken for these. */
const TRANSLATES = 1 << 4;

const MPRV = Number(Status.MPRV);
const MPP = Number(Status.MPP);
const MPP_SHIFT = Math.log2(MPP & -MPP);
/** SUM and MXR change what a supervisor may read and write, and MXR what anybody may read. */
const GRANTS = Number(Status.SUM | Status.MXR);

/**
 * One number for each way in which a mode and the low half of mstatus make translations: whose fetches, whose loads and
 * stores, and what is granted to them (Privileged ISA, "Memory Privilege in mstatus Register").
 */
export function translationModes(mode: number, status: number): number {
  const modified = mode === Privilege.Machine && (status & MPRV) !== 0;
  const data = modified ? (status & MPP) >>> MPP_SHIFT : mode;
  if (mode === Privilege.Machine && data === Privilege.Machine) return BARE;
  return (status & GRANTS) | (mode << 2) | data | TRANSLATES;
}
