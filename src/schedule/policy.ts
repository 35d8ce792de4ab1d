import type { DirectAccess } from '../memory/direct-access.js';
import type { HartTurns, PendingAccess } from './hart-turns.js';
import { POLICY_WORDS, type ScheduleMap, scheduleBlock } from './schedule-block.js';
import type { TimeCosts } from './time-costs.js';
import { VirtualTime } from './virtual-time.js';

const block = scheduleBlock.fields;

/**
 * Decides during a run, where a plan has decided before it. A policy is called on the thread of whichever hart has the
 * turn, so what it remembers lies in shared memory (`PolicyWords`), and it is the same pure function on every thread. What
 * it chose is recorded as any switches are: a replay is a plan.
 */
export interface Policy {
  readonly name: string;
  /**
   * It runs by virtual time: it is asked before every access, and `VirtualTime` is told of all that takes time. Any other
   * is asked only before accesses to words that harts contend for.
   */
  readonly keepsTime: boolean;
  /** Before a run begins. */
  begin(choice: PolicyChoice, words: PolicyWords): void;
  /**
   * Before an access of `hart`, which has the turn: who makes the next access. `hart`: it goes on. `harts.pending(hart)` is
   * still the access before this one; no bytes: there was none since the hart began, or waited.
   */
  choose(hart: number, access: PendingAccess, harts: HartTurns, words: PolicyWords): number;
  /**
   * Who goes on in the place of `hart`, which waits or has finished: another that is able, or `hart` itself when it need
   * not wait; undefined: nobody is able.
   */
  successor(hart: number, harts: HartTurns, words: PolicyWords): number | undefined;
}

/** Which policy a plan names. */
export interface PolicyChoice {
  readonly name: string;
  readonly seed: number;
  /** What things cost in virtual time; the defaults when not given. */
  readonly costs?: TimeCosts;
}

/** What a policy remembers of a run: words that are zero when it begins. Only the hart that has the turn touches them. */
export class PolicyWords {
  private readonly at: number;
  private virtualTime: VirtualTime | undefined;

  constructor(
    private readonly host: DirectAccess,
    private readonly map: ScheduleMap,
  ) {
    this.at = map.block;
  }

  /** Clocks and caches. Throws RangeError on a machine that was made without room for them. */
  get time(): VirtualTime {
    this.virtualTime ??= new VirtualTime(this.host, this.map);
    return this.virtualTime;
  }

  get seed(): number {
    return block.policySeed.load(this.host, this.at);
  }

  /** @param index below `POLICY_WORDS` */
  get(index: number): number {
    return this.host.load32(block.policyWords.at(this.at, index));
  }

  set(index: number, value: number): void {
    this.host.store32(block.policyWords.at(this.at, index), value >>> 0);
  }

  clear(): void {
    for (let index = 0; index < POLICY_WORDS; index++) this.set(index, 0);
  }
}
