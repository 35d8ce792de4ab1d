import { Op, type TraceEvent } from '../../src/memory/trace-event.js';
import type { PlannedSwitch } from '../../src/schedule/plan.js';
import type { AddressNames } from './address-names.js';

/**
 * Where a switch stands, in words that survive an edit of the kernel: before the nth access of its kind that the hart
 * makes to a named place. Numbers of points change with every line that is added before them.
 */
export interface Anchor {
  readonly hart: number;
  /** `store pgMap.pageMapNum[506]` */
  readonly access: string;
  /** From 0, among this hart's accesses of that description. */
  readonly nth: number;
}

const KINDS: Readonly<Record<Op, string>> = {
  [Op.Load]: 'load',
  [Op.Store]: 'store',
  [Op.AtomicLoad]: 'atomic load',
  [Op.AtomicStore]: 'atomic store',
  [Op.AtomicUpdate]: 'atomic update',
  [Op.BulkRead]: 'read',
  [Op.BulkWrite]: 'write',
  [Op.Note]: 'note',
};

/** Anchors of the switches, from a run that followed them. null for one before a point without an access. */
export function anchorsOf(
  trace: readonly TraceEvent[],
  switches: readonly PlannedSwitch[],
  names: AddressNames,
): (Anchor | null)[] {
  return switches.map(({ hart = 0, at }) => {
    const own = accessesOf(trace, hart, names);
    const access = own[at];
    if (access === undefined) return null;
    return { hart, access, nth: own.slice(0, at).filter((other) => other === access).length };
  });
}

/** Number of the hart's point that the anchor names in this run; undefined when there is none. */
export function pointOf(anchor: Anchor, trace: readonly TraceEvent[], names: AddressNames): number | undefined {
  let seen = 0;
  for (const [at, access] of accessesOf(trace, anchor.hart, names).entries())
    if (access === anchor.access && seen++ === anchor.nth) return at;
  return undefined;
}

function accessesOf(trace: readonly TraceEvent[], hart: number, names: AddressNames): string[] {
  return trace
    .filter((event) => event.hart === hart && event.op !== Op.Note)
    .map(({ op, address }) => `${KINDS[op]} ${names.describe(address)}`);
}
