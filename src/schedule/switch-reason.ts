/** Why the turn changed. The first two are choices of the schedule, the others were forced. */
export const SwitchReason = {
  /** The plan took the turn away. */
  Preempted: 0,
  /** A hart that the plan prefers became able to run. */
  Preferred: 1,
  /** The hart waits for a word to change. */
  Blocked: 2,
  /** The hart has finished its part. */
  Finished: 3,
} as const;
export type SwitchReason = (typeof SwitchReason)[keyof typeof SwitchReason];

/** A change of the turn as it happened. */
export interface Switch {
  /** Number of the point before whose access the turn changed. */
  readonly step: number;
  /** The same, counting only points on contended words. */
  readonly contended: number;
  /** The same, counting only points of the hart that gave the turn away. */
  readonly own: number;
  readonly from: number;
  readonly to: number;
  readonly reason: SwitchReason;
}

/** The number that point `step` of the run, which is the hart's, has among the points of the hart alone. */
export function ownPoint(switches: readonly Switch[], hart: number, step: number): number {
  let own = 0;
  let since = 0;
  for (const change of switches) {
    if (change.step > step) break;
    if (change.from === hart) own = change.own;
    if (change.to === hart) since = change.step;
  }
  return own + step - since;
}
