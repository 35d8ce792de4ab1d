import type { UserOp } from '../../schedule/controlled-access.js';
import type { WaitedWord } from '../../schedule/hart-turns.js';
import type { Hart } from '../hart.js';

/** What a hart that runs guest code asks of the schedule, beside what its supervisor asks by accessing memory. */
export interface Pacing {
  /** Another hart may run before the next basic block of guest code. */
  betweenBlocks(): void;
  /**
   * Guest code accesses memory: another hart may run before it is carried out, and observers see it afterwards, unless
   * it could not be carried out, so that `carryOut` gave false. `order`: aq and rl of an atomic access.
   */
  userAccess(op: UserOp, address: number, bytes: number, carryOut: () => boolean, order: number): boolean;
  /** Guest code has carried out a fence, with this immediate. */
  fence(sets: number): void;
  /** Guest code goes round a loop that reads these words, and will until one of them changes, or an interrupt comes. */
  spin(words: readonly WaitedWord[]): void;
  /** The hart is about to look at idle marks and doorbells, or to change them. */
  bell(): void;
  /** The hart has nothing to run until its doorbell rings. */
  idle(hart: Hart): void;
}
