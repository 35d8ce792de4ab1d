import type { DirectAccess } from '../memory/direct-access.js';
import { type AccessMode, Coherence, lineOf } from './coherence.js';
import { HartClocks } from './hart-clocks.js';
import type { HartTurns, WaitedWord } from './hart-turns.js';
import { RandomNumbers } from './random-numbers.js';
import { type ScheduleMap, scheduleBlock } from './schedule-block.js';
import { Doing, LINE_TABLE, virtualTime, virtualTimeSize } from './time-block.js';
import { COST_NAMES, type TimeCosts } from './time-costs.js';

/**
 * Clocks of all harts, in whole cycles below 2^53, and what moves them. Nothing here depends on real time, so a run comes
 * out the same to the cycle wherever it runs: the hart whose clock is lowest goes on, of those with the same the one with
 * the lowest number, but for those who spin on one line.
 *
 * A waiting hart takes part without its thread. One that spins looks at its words when it begins, and whenever somebody
 * has written to a line of theirs, which costs it and the line what a load costs; it goes on when it finds one changed.
 * One that parks looks once, and then sleeps until it is woken, the longest asleep first. Every hart has a core of its own,
 * so nobody stops spinning to give one away.
 *
 * Time passes by accesses, by `delay`, and by going to sleep and waking up. Statistics and notes, which are no points, take
 * none; nor do instructions of guest code between its accesses.
 */
export class VirtualTime {
  private readonly coherence: Coherence;
  private readonly clocks: HartClocks;
  private costs: TimeCosts | undefined;

  /** Throws RangeError on a machine that was made without room for lines. */
  constructor(
    private readonly host: DirectAccess,
    private readonly map: ScheduleMap,
  ) {
    if (map.lines === 0) throw new RangeError('this machine keeps no virtual time: make it with room for cache lines');
    this.coherence = new Coherence(host, map.time + LINE_TABLE, map.lines);
    this.clocks = new HartClocks(host, map.time);
  }

  /** All clocks are 0 and all caches empty. */
  begin(costs: TimeCosts): void {
    this.forget();
    const { time, lines } = this.map;
    this.host.fill(time, 0, virtualTimeSize(lines));
    COST_NAMES.forEach((name, i) => {
      this.host.store32(virtualTime.fields.costs.at(time, i), costs[name]);
    });
  }

  /** A run has begun, perhaps on another thread: what this one knows of the run before is no longer so. */
  forget(): void {
    this.costs = undefined;
  }

  now(hart: number): number {
    return this.clocks.clock(hart);
  }

  /** The hart computes for so many cycles. */
  work(hart: number, cycles: number): void {
    this.clocks.setClock(hart, this.now(hart) + cycles);
  }

  /** The hart makes an access. Those who spin on a word in a line that it writes look again after it. */
  access(hart: number, address: number, bytes: number, mode: AccessMode, harts: HartTurns): void {
    const over = this.charge(hart, address, bytes, mode);
    if (mode === 'read') return;
    const spinning = this.clocks.spinning(harts.count, lineOf(address), lineOf(address + bytes - 1));
    if (spinning.length === 0) return;
    const order = this.nextOrder();
    for (const other of spinning) this.clocks.setLook(other, over, order.word());
  }

  /**
   * Which of many that want a line in the same cycle gets it first is the interconnect's to say, and no hart's number: by
   * numbers, the same few would win every race. Here random numbers of the run's seed say it.
   */
  private nextOrder(): RandomNumbers {
    const { drawn } = virtualTime.fields;
    const nth = drawn.load(this.host, this.map.time);
    drawn.store(this.host, this.map.time, nth + 1);
    return new RandomNumbers(scheduleBlock.fields.policySeed.load(this.host, this.map.block), nth);
  }

  /** The hart begins to wait for one of the words to change. */
  waits(hart: number, words: readonly WaitedWord[], sleeps: boolean): void {
    const lines = words.map(({ address }) => lineOf(address));
    this.clocks.setWait(hart, sleeps ? Doing.LooksOnce : Doing.Looks, lines);
    if (sleeps) this.work(hart, this.cost.park);
  }

  finish(hart: number): void {
    this.clocks.setDoing(hart, Doing.Finished);
  }

  /**
   * The hart wakes at most `count` of those that sleep on the word. When nobody does it takes no time: `Atomics.notify` keeps
   * its own list of sleepers, and finds that out without a call of the system.
   */
  unpark(hart: number, address: number, count: number, harts: HartTurns): void {
    const sleepers = Array.from({ length: harts.count }, (_, other) => other)
      .filter((other) => this.clocks.doing(other) === Doing.Asleep)
      .filter((other) => harts.waits(other).words.some((word) => word.address === address))
      .sort((a, b) => this.now(a) - this.now(b) || a - b);
    if (sleepers.length > 0) this.work(hart, this.cost.unpark);
    for (const sleeper of sleepers.slice(0, count)) this.wake(sleeper, this.now(hart));
  }

  /** Who goes on now; undefined: nobody can. */
  next(harts: HartTurns): number | undefined {
    const { clocks } = this;
    const first = clocks.earliest(harts.count);
    if (first === undefined || clocks.doing(first) === Doing.Runs) return first ?? this.overslept(harts);
    // Who looks comes later for it or not at all, so all others keep their order: one sort for all the waiters of a lock.
    let found: number | undefined;
    for (const hart of clocks.inOrder(harts.count)) {
      if (found !== undefined && clocks.isBefore(found, hart)) return found;
      const doing = clocks.doing(hart);
      if (doing === Doing.Runs) return hart;
      this.look(hart, doing === Doing.LooksOnce, harts);
      const goesOn = clocks.doing(hart) === Doing.Runs;
      if (goesOn && (found === undefined || clocks.isBefore(hart, found))) found = hart;
    }
    return found ?? this.overslept(harts);
  }

  /** A waiting hart looks at its words. */
  private look(hart: number, sleeps: boolean, harts: HartTurns): void {
    for (const { address } of harts.waits(hart).words) this.charge(hart, address, 4, 'read');
    const same = sleeps ? Doing.Asleep : Doing.Spinning;
    this.clocks.setDoing(hart, harts.isAble(hart) ? Doing.Runs : same);
  }

  /**
   * Nobody has anything to do: a hart whose words have changed without an access that virtual time was told of, or that
   * nobody has woken, finds out in the end (`SharedAccess.park` may return early).
   */
  private overslept(harts: HartTurns): number | undefined {
    const all = Array.from({ length: harts.count }, (_, hart) => hart);
    const found = all.find((hart) => {
      const doing = this.clocks.doing(hart);
      return (doing === Doing.Spinning || doing === Doing.Asleep) && harts.isAble(hart);
    });
    if (found !== undefined) this.wake(found, Math.max(...all.map((hart) => this.now(hart))));
    return found;
  }

  private wake(hart: number, from: number): void {
    this.clocks.setDoing(hart, Doing.Runs);
    this.clocks.setClock(hart, Math.max(this.now(hart), from) + this.cost.wake);
  }

  /** When it is over. */
  private charge(hart: number, address: number, bytes: number, mode: AccessMode): number {
    const over = this.coherence.access(hart, address, bytes, mode, this.now(hart), this.cost);
    this.clocks.setClock(hart, over);
    return over;
  }

  private get cost(): TimeCosts {
    this.costs ??= Object.fromEntries(
      COST_NAMES.map((name, i) => [name, this.host.load32(virtualTime.fields.costs.at(this.map.time, i))]),
    ) as Record<keyof TimeCosts, number>;
    return this.costs;
  }
}
