import type { Hart } from './hart.js';

/**
 * How harts wake one another. The protocol that loses no wakeup:
 *
 *     idle hart: markIdle (notes its bell, then sets its bit) → looks for work once more → parks on the noted bell
 *     waker:     publishes the work → ringIdle (takes a bit, then rings that bell)
 *
 * Each side writes its own word before it reads the other's, so at least one of them sees the other.
 */
export interface Doorbells {
  /** Call before the last look for work. */
  markIdle(hart: Hart): void;
  clearIdle(hart: Hart): void;
  /** Wakes one idle hart, if there is one. Call after the work is visible to it. */
  ringIdle(): void;
}
