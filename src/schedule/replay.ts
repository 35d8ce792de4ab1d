import type { Plan, PlannedSwitch } from './plan.js';
import { type Switch, SwitchReason } from './switch-reason.js';

/**
 * The switches that repeat a run. With two harts a forced switch has only one way to go, so those that the schedule
 * chose are enough; with more, the forced ones are told too.
 */
export function recordedSwitches(harts: number, switches: readonly Switch[]): PlannedSwitch[] {
  return switches
    .filter(({ reason }) => harts > 2 || reason === SwitchReason.Preempted || reason === SwitchReason.Preferred)
    .map(({ from, own, to }) => ({ hart: from, at: own, action: { kind: 'to', hart: to } }));
}

/** The plan that makes these switches and no others. */
export function replayPlan(original: Pick<Plan, 'preference' | 'answers'>, switches: readonly PlannedSwitch[]): Plan {
  const { preference, answers } = original;
  return { preference, unit: 'own', strict: false, switches, answers };
}
