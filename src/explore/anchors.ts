import { frameTold, isPoint, Op, type TraceEvent } from '../memory/trace-event.js';
import type { PlannedSwitch } from '../schedule/plan.js';
import { ownPoint, type Switch } from '../schedule/switch-reason.js';
import type { Names } from './subject.js';

/**
 * Where a switch stands, in words that survive an edit of the supervisor: before the nth access of its kind that the hart
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
  [Op.Note]: 'note of',
  [Op.Fence]: 'fence',
};

/** A run as anchors see it. */
interface AnchoredRun {
  readonly trace: readonly TraceEvent[];
  readonly switches: readonly Switch[];
}

/** Anchors of the planned switches, from a run that followed them. null for one before a point without an access. */
export function anchorsOf(run: AnchoredRun, planned: readonly PlannedSwitch[], names: Names): (Anchor | null)[] {
  return planned.map(({ hart = 0, at }) => {
    const own = accessesOf(run, hart, names);
    const place = own.findIndex(({ point }) => point === at);
    if (place < 0) return null;
    const { access } = own[place]!;
    return { hart, access, nth: own.slice(0, place).filter((other) => other.access === access).length };
  });
}

/** Number of the hart's point that the anchor names in this run; undefined when there is none. */
export function pointOf(anchor: Anchor, run: AnchoredRun, names: Names): number | undefined {
  const same = accessesOf(run, anchor.hart, names).filter(({ access }) => access === anchor.access);
  return same[anchor.nth]?.point;
}

/** What the hart did at those of its points that are accesses: user code also has points between its basic blocks. */
function accessesOf({ trace, switches }: AnchoredRun, hart: number, names: Names): { point: number; access: string }[] {
  return trace
    .filter((event) => event.hart === hart && isPoint(event))
    .map((event) => ({
      point: ownPoint(switches, hart, event.step),
      access: `${KINDS[event.op]} ${names.describe(frameTold(event) ?? event.address)}`,
    }));
}
