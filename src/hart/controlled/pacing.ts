import type { Op } from '../../memory/trace-event.js';
import type { Hart } from '../hart.js';

/** What a hart that runs guest code asks of the schedule, beside what its supervisor asks by accessing memory. */
export interface Pacing {
  /** Another hart may run before the next basic block of guest code. */
  betweenBlocks(): void;
  /**
   * Guest code accesses memory: another hart may run before it is carried out, and observers see it afterwards, unless
   * it could not be carried out, so that `carryOut` gave false.
   */
  userAccess(op: typeof Op.Load | typeof Op.Store, address: number, bytes: number, carryOut: () => boolean): boolean;
  /** The hart is about to look at idle marks and doorbells, or to change them. */
  bell(): void;
  /** The hart has nothing to run until its doorbell rings. */
  idle(hart: Hart): void;
}
