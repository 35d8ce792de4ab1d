import type { Doorbells } from '../doorbells.js';
import type { Hart } from '../hart.js';
import type { Pacing } from './pacing.js';

/** The machine's doorbells under a schedule: another hart may run before each use of them. */
export class PacedDoorbells implements Doorbells {
  constructor(
    private readonly bells: Doorbells,
    private readonly pacing: Pacing,
  ) {}

  markIdle(hart: Hart): void {
    this.pacing.bell();
    this.bells.markIdle(hart);
  }

  clearIdle(hart: Hart): void {
    this.pacing.bell();
    this.bells.clearIdle(hart);
  }

  ringIdle(): void {
    this.pacing.bell();
    this.bells.ringIdle();
  }
}
