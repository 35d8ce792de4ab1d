import type { DirectAccess } from '../memory/direct-access.js';
import { MAX_HARTS } from '../memory/map.js';
import { Doing, hartTime, SEVERAL_LINES, virtualTime } from './time-block.js';

const { clock, doing, line, rank } = hartTime.fields;
const WORDS = hartTime.size / 4;
const CLOCK_LOW = clock.offset / 4;
const CLOCK_HIGH = CLOCK_LOW + 1;
const DOING = doing.offset / 4;
const LINE = line.offset / 4;
const RANK = rank.offset / 4;

/** How far every hart has come, and what it does. */
export class HartClocks {
  private readonly first: number;
  /** All of it at once: to look for the earliest hart is what virtual time does most, on threads whose code is never warm. */
  private readonly copy = new Uint32Array(MAX_HARTS * WORDS);

  /** @param at of the region of virtual time */
  constructor(
    private readonly host: DirectAccess,
    at: number,
  ) {
    this.first = virtualTime.fields.harts.at(at, 0);
  }

  clock(hart: number): number {
    return clock.load(this.host, this.of(hart));
  }

  setClock(hart: number, time: number): void {
    clock.store(this.host, this.of(hart), time);
  }

  doing(hart: number): Doing {
    return doing.load(this.host, this.of(hart)) as Doing;
  }

  setDoing(hart: number, what: Doing): void {
    doing.store(this.host, this.of(hart), what);
    rank.store(this.host, this.of(hart), 0);
  }

  /** The hart, which spins, looks again not before `time`; of those that look then, in the order of ranks. */
  setLook(hart: number, time: number, order: number): void {
    this.setDoing(hart, Doing.Looks);
    this.setClock(hart, Math.max(this.clock(hart), time));
    rank.store(this.host, this.of(hart), order);
  }

  /** @param lines of the words that the hart waits for */
  setWait(hart: number, what: Doing, lines: readonly number[]): void {
    this.setDoing(hart, what);
    const [first] = lines;
    const isOne = first !== undefined && lines.every((other) => other === first);
    line.store(this.host, this.of(hart), isOne ? first : SEVERAL_LINES);
  }

  /** The hart with the lowest clock of those that have something to do; of those with the same clock the lowest rank, and then number. */
  earliest(count: number): number | undefined {
    const { copy } = this;
    this.host.readWords(this.first, count * WORDS, copy);
    let best: number | undefined;
    let lowest = Number.POSITIVE_INFINITY;
    let lowestRank = 0;
    for (let hart = 0, at = 0; hart < count; hart++, at += WORDS) {
      if (copy[at + DOING]! >= Doing.Spinning) continue;
      const time = this.copiedTime(at);
      if (time > lowest || (time === lowest && copy[at + RANK]! >= lowestRank)) continue;
      best = hart;
      lowest = time;
      lowestRank = copy[at + RANK]!;
    }
    return best;
  }

  /** All harts that have something to do, in the order of `earliest`. */
  inOrder(count: number): number[] {
    const { copy } = this;
    this.host.readWords(this.first, count * WORDS, copy);
    const found: number[] = [];
    for (let hart = 0; hart < count; hart++) if (copy[hart * WORDS + DOING]! < Doing.Spinning) found.push(hart);
    const times = Array.from({ length: count }, (_, hart) => this.copiedTime(hart * WORDS));
    return found.sort((a, b) => times[a]! - times[b]! || copy[a * WORDS + RANK]! - copy[b * WORDS + RANK]! || a - b);
  }

  /** Whether the one hart comes before the other in the order of `earliest`. */
  isBefore(one: number, other: number): boolean {
    const [clockOfOne, clockOfOther] = [this.clock(one), this.clock(other)];
    if (clockOfOne !== clockOfOther) return clockOfOne < clockOfOther;
    const [rankOfOne, rankOfOther] = [rank.load(this.host, this.of(one)), rank.load(this.host, this.of(other))];
    return rankOfOne < rankOfOther || (rankOfOne === rankOfOther && one < other);
  }

  /** Harts that spin on words in lines from `first` to `last`, or perhaps do. */
  spinning(count: number, first: number, last: number): number[] {
    const { copy } = this;
    this.host.readWords(this.first, count * WORDS, copy);
    const found: number[] = [];
    for (let hart = 0, at = 0; hart < count; hart++, at += WORDS) {
      if (copy[at + DOING] !== Doing.Spinning) continue;
      const on = copy[at + LINE]!;
      if (on === SEVERAL_LINES || (on >= first && on <= last)) found.push(hart);
    }
    return found;
  }

  private copiedTime(at: number): number {
    return this.copy[at + CLOCK_HIGH]! * 0x1_0000_0000 + this.copy[at + CLOCK_LOW]!;
  }

  private of(hart: number): number {
    return this.first + hart * hartTime.size;
  }
}
