import type { Plan, PlannedSwitch } from '../schedule/plan.js';
import { type Anchor, pointOf } from './anchors.js';
import type { Explorer } from './explorer.js';

/** A schedule fitted to a subject that has changed since it was recorded. */
export interface Refit {
  readonly plan: Plan;
  /** The first anchor that the subject does not have any more; null when every switch found its place. */
  readonly parted: Anchor | null;
}

/** Puts each switch, one after the other, before the access that it once stood before. */
export function refit(explorer: Explorer, plan: Plan, anchors: readonly (Anchor | null)[]): Refit {
  const { machine } = explorer;
  const names = machine.subject.names();
  const switches: PlannedSwitch[] = [];
  for (const [i, original] of plan.switches.entries()) {
    const anchor = anchors[i] ?? null;
    machine.restore();
    names.look();
    const { result } = explorer.run({ ...plan, switches: [...switches] });
    names.look();
    const at =
      anchor === null
        ? original.at
        : pointOf(anchor, { trace: [...machine.trace()], switches: result.switches }, names);
    if (at === undefined) return { plan: { ...plan, switches }, parted: anchor };
    switches.push({ ...original, at });
  }
  return { plan: { ...plan, switches }, parted: null };
}
