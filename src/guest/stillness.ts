import { Hart } from '../hart/hart.js';
import { stillEngine } from '../hart/still-engine.js';
import { stackOfHart } from '../machine/hart-place.js';
import type { SharedMemory } from '../memory/shared-memory.js';
import { type ProgramSymbols, type StackFrame, sourceText } from '../symbols/program-symbols.js';
import { isInside, type KnownFunction } from './fit-profile.js';
import type { Role } from './profile.js';

/** ra, sp, s0, s1 and s2 to s11 (RISC-V psABI): what a function that waits in a loop leaves alone. */
const KEPT = [1, 2, 8, 9, ...Array.from({ length: 10 }, (_, i) => 18 + i)];

/** Seconds after which a machine counts as one in which nothing moves. */
export interface StillnessLimits {
  /** That a hart takes one and the same lock. */
  readonly lock: number;
  /** That every hart looks for something to run, and the console says nothing. */
  readonly idle: number;
}

/** Since when a hart has been found in the same place at every look. */
interface Waiting {
  readonly registers: string;
  readonly since: number;
}

/** Looks at the harts of a machine, whenever they stand still, for whether they get anywhere. */
export class Stillness {
  private readonly waiting = new Map<number, Waiting>();
  private idleSince: number | undefined;

  constructor(
    private readonly memory: SharedMemory,
    private readonly symbols: ProgramSymbols,
    private readonly functions: readonly KnownFunction[],
    private readonly limits: StillnessLimits,
  ) {}

  /**
   * What does not move, in one line; undefined: everything may.
   * @param now seconds by any clock
   * @param isQuiet whether the console has said nothing since the last look
   */
  look(now: number, isQuiet: boolean): string | undefined {
    const harts = this.memory.map.harts.map((_, id) => id);
    const areIdle = harts.map((hart) => this.isIn(hart, 'idle')).every((isIdle) => isIdle);
    this.idleSince = areIdle && isQuiet ? (this.idleSince ?? now) : undefined;
    const stuck = harts.map((hart) => this.stuckHart(hart, now)).find((line) => line !== undefined);
    if (stuck !== undefined || this.idleSince === undefined || now - this.idleSince < this.limits.idle) return stuck;
    return `nothing has moved for ${this.limits.idle} s: every hart looks for something to run, and the line has not come to its end`;
  }

  /** The round is over: how long the last one stood still is no matter to the next. */
  forget(): void {
    this.idleSince = undefined;
    this.waiting.clear();
  }

  /** A loop that waits for a lock changes none of the registers that functions preserve; whoever takes it again and again does, or stands elsewhere at some look. */
  private stuckHart(hart: number, now: number): string | undefined {
    if (!this.isIn(hart, 'acquire') || this.isIn(hart, 'idle')) {
      this.waiting.delete(hart);
      return undefined;
    }
    const state = new Hart(hart, this.memory, stillEngine);
    const registers = KEPT.map((register) => state.getX(register)).join();
    const before = this.waiting.get(hart);
    const since = before?.registers === registers ? before.since : now;
    this.waiting.set(hart, { registers, since });
    if (now - since < this.limits.lock) return undefined;
    const stack = this.stack(hart).filter((frame) => frame.function !== undefined);
    const where = stack.map((frame) => `${frame.function}${sourceText(frame.source)}`).join(', in ');
    return `hart ${hart} has waited for a lock for ${this.limits.lock} s: ${where}`;
  }

  private isIn(hart: number, role: Role): boolean {
    return isInside(this.stack(hart), this.functions, role);
  }

  private stack(hart: number): StackFrame[] {
    return stackOfHart(this.memory, hart, this.symbols);
  }
}
