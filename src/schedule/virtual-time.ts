import type { DirectAccess } from '../memory/direct-access.js';
import { type AccessMode, Coherence, lineOf } from './coherence.js';
import type { HartTurns } from './hart-turns.js';
import { HartState, type ScheduleMap } from './schedule-block.js';
import { hartTime, LINE_TABLE, virtualTime, virtualTimeSize, Wait } from './time-block.js';
import { COST_NAMES, type TimeCosts } from './time-costs.js';

const fields = virtualTime.fields;
const { clock, wait, parks } = hartTime.fields;

/**
 * Clocks of all harts, in whole cycles below 2^53, and what moves them. Nothing here depends on real time, so a run comes
 * out the same to the cycle wherever it runs: the hart whose clock is lowest goes on, of those with the same the one with
 * the lowest number.
 *
 * A waiting hart takes part without its thread. One that spins looks at its words when it begins, and whenever somebody
 * has written to a line of theirs, which costs it and the line what a load costs; it goes on when it finds one changed.
 * One that parks looks once, and then sleeps until it is woken, the longest asleep first.
 */
export class VirtualTime {
  private readonly coherence: Coherence;
  private readonly at: number;
  private costs: TimeCosts | undefined;

  /** Throws RangeError on a machine that was made without room for lines. */
  constructor(
    private readonly host: DirectAccess,
    private readonly map: ScheduleMap,
  ) {
    if (map.lines === 0) throw new RangeError('this machine keeps no virtual time: make it with room for cache lines');
    this.at = map.time;
    this.coherence = new Coherence(host, this.at + LINE_TABLE, map.lines);
  }

  /** All clocks are 0 and all caches empty. */
  begin(costs: TimeCosts): void {
    this.forget();
    this.host.fill(this.at, 0, virtualTimeSize(this.map.lines));
    COST_NAMES.forEach((name, i) => {
      this.host.store32(fields.costs.at(this.at, i), costs[name]);
    });
  }

  /** A run has begun, perhaps on another thread: what this one knows of the run before is no longer so. */
  forget(): void {
    this.costs = undefined;
  }

  now(hart: number): number {
    return clock.load(this.host, this.of(hart));
  }

  /** The hart computes for so many cycles. */
  work(hart: number, cycles: number): void {
    this.set(hart, this.now(hart) + cycles);
  }

  /** The hart makes an access. Those who spin on a word in a line that it writes look again after it. */
  access(hart: number, address: number, bytes: number, mode: AccessMode, harts: HartTurns): void {
    const over = this.charge(hart, address, bytes, mode);
    if (mode === 'read') return;
    const first = lineOf(address);
    const last = lineOf(address + bytes - 1);
    for (let other = 0; other < harts.count; other++) {
      if (harts.state(other) !== HartState.Blocked || wait.load(this.host, this.of(other)) !== Wait.Spinning) continue;
      const isWritten = harts.waits(other).words.some((word) => {
        const line = lineOf(word.address);
        return line >= first && line <= last;
      });
      if (!isWritten) continue;
      wait.store(this.host, this.of(other), Wait.Looking);
      this.set(other, Math.max(this.now(other), over));
    }
  }

  /** The hart, which has been blocked, begins to wait. */
  waits(hart: number, sleeps: boolean): void {
    const me = this.of(hart);
    wait.store(this.host, me, Wait.Looking);
    parks.store(this.host, me, sleeps ? 1 : 0);
    if (sleeps) this.work(hart, this.cost.park);
  }

  /** The hart wakes at most `count` of those that sleep on the word. */
  unpark(hart: number, address: number, count: number, harts: HartTurns): void {
    this.work(hart, this.cost.unpark);
    const sleepers = Array.from({ length: harts.count }, (_, other) => other)
      .filter((other) => this.sleepsOn(other, address, harts))
      .sort((a, b) => this.now(a) - this.now(b) || a - b);
    for (const sleeper of sleepers.slice(0, count)) this.wake(sleeper, this.now(hart));
  }

  /** Who goes on now; undefined: nobody can. */
  next(harts: HartTurns): number | undefined {
    for (let first = this.earliest(harts); first !== undefined; first = this.earliest(harts)) {
      const isBlocked = harts.state(first) === HartState.Blocked;
      if (!isBlocked || wait.load(this.host, this.of(first)) === Wait.Awake) return first;
      this.look(first, harts);
    }
    return this.overslept(harts);
  }

  /** The hart with the lowest clock of those that have something to do. */
  private earliest(harts: HartTurns): number | undefined {
    let best: number | undefined;
    let lowest = Number.POSITIVE_INFINITY;
    for (let hart = 0; hart < harts.count; hart++) {
      const state = harts.state(hart);
      if (state === HartState.Finished) continue;
      const me = this.of(hart);
      if (state === HartState.Blocked) {
        const how = wait.load(this.host, me);
        if (how === Wait.Spinning || how === Wait.Asleep) continue;
      }
      const at = clock.load(this.host, me);
      if (at >= lowest) continue;
      best = hart;
      lowest = at;
    }
    return best;
  }

  /** A waiting hart looks at its words. */
  private look(hart: number, harts: HartTurns): void {
    for (const { address } of harts.waits(hart).words) this.charge(hart, address, 4, 'read');
    const me = this.of(hart);
    const same = parks.load(this.host, me) === 1 ? Wait.Asleep : Wait.Spinning;
    wait.store(this.host, me, harts.isAble(hart) ? Wait.Awake : same);
  }

  /** A hart whose words have changed although nobody woke it, or wrote to them by an access that had a point: it finds out in the end. */
  private overslept(harts: HartTurns): number | undefined {
    for (let hart = 0; hart < harts.count; hart++) {
      if (harts.state(hart) !== HartState.Blocked || !harts.isAble(hart)) continue;
      this.wake(hart, Math.max(...Array.from({ length: harts.count }, (_, other) => this.now(other))));
      return hart;
    }
    return undefined;
  }

  private wake(hart: number, from: number): void {
    wait.store(this.host, this.of(hart), Wait.Awake);
    this.set(hart, Math.max(this.now(hart), from) + this.cost.wake);
  }

  private sleepsOn(hart: number, address: number, harts: HartTurns): boolean {
    if (harts.state(hart) !== HartState.Blocked || wait.load(this.host, this.of(hart)) !== Wait.Asleep) return false;
    return harts.waits(hart).words.some((word) => word.address === address);
  }

  /** When it is over. */
  private charge(hart: number, address: number, bytes: number, mode: AccessMode): number {
    const over = this.coherence.access(hart, address, bytes, mode, this.now(hart), this.cost);
    this.set(hart, over);
    return over;
  }

  private get cost(): TimeCosts {
    this.costs ??= Object.fromEntries(
      COST_NAMES.map((name, i) => [name, this.host.load32(fields.costs.at(this.at, i))]),
    ) as Record<keyof TimeCosts, number>;
    return this.costs;
  }

  private set(hart: number, time: number): void {
    clock.store(this.host, this.of(hart), time);
  }

  private of(hart: number): number {
    return fields.harts.at(this.at, hart);
  }
}
