import { KERNBASE, PGSIZE } from '../../src/memory/map.js';
import type { SharedMemory } from '../../src/memory/shared-memory.js';
import type { ControlledAccess } from '../../src/schedule/controlled-access.js';
import { RandomNumbers } from '../../src/schedule/random-numbers.js';

/** Which random program the harts run. No program changes it, and no run clears it. */
export const RANDOM_TOY = KERNBASE + PGSIZE;
/** Shared without an access that says so, as doorbells are. */
const BELL = KERNBASE + 0x400;
/** At most so many steps for a hart. */
const STEPS = 3;

/** The words that random programs use. */
export interface RandomToyWords {
  readonly shared: readonly number[];
  readonly locks: readonly number[];
  /** One for each hart. */
  readonly results: readonly number[];
}

/**
 * A short program that is drawn for the hart from the number at `RANDOM_TOY`. What it does depends on what it reads;
 * it may spin, dead-lock and throw. In the end it stores what it has come to.
 */
export class RandomToy {
  private readonly random: RandomNumbers;
  private seen: number;

  constructor(
    private readonly m: ControlledAccess,
    private readonly hart: number,
    private readonly memory: SharedMemory,
    private readonly words: RandomToyWords,
  ) {
    this.random = new RandomNumbers(m.load32(RANDOM_TOY), hart);
    this.seen = hart + 1;
  }

  run(): void {
    const steps = 1 + this.random.below(STEPS);
    for (let step = 0; step < steps; step++) this.step(0);
    this.m.store32(this.words.results[this.hart]!, this.seen);
  }

  private step(held: number): void {
    const { m, random } = this;
    const word = this.oneOf(this.words.shared);
    const steps = [
      () => this.see(m.load32(word)),
      () => m.store32(word, this.seen),
      () => m.store32(word, m.load32(word) + 1),
      () => this.see(m.atomicAdd32(word, 1)),
      () => this.addByReservation(word),
      () => this.await(word),
      () => this.ring(),
      () => this.panicAt(word),
    ];
    const section = () => this.section(this.oneOf(this.words.locks), held + 1);
    const kinds = held === this.words.locks.length ? steps : [...steps, section, section];
    kinds[random.below(kinds.length)]!();
  }

  private see(value: number): void {
    this.seen = (this.seen * 7 + value) % 1009;
  }

  /** As lr and sc: the store fails when somebody else stored meanwhile. */
  private addByReservation(word: number): void {
    for (;;) {
      const old = this.m.load32(word);
      if (this.m.atomicCompareExchange32(word, old, old + 1) === old) return;
    }
  }

  private await(word: number): void {
    while (this.m.atomicLoad32(word) === 0) this.m.spinWhile(word, 0);
  }

  private ring(): void {
    this.m.bell();
    const rung = this.memory.ram.load32(BELL);
    this.memory.ram.store32(BELL, rung + 1);
    this.see(rung);
  }

  private panicAt(word: number): void {
    const value = this.m.load32(word);
    if (value % 3 === 2) throw new Error(`panic: ${value}`);
  }

  private section(lock: number, held: number): void {
    const { m } = this;
    while (m.atomicCompareExchange32(lock, 0, 1) !== 0) m.spinWhile(lock, 1);
    this.step(held);
    if (this.seen % 2 === 0) this.step(held);
    m.atomicStore32(lock, 0);
  }

  private oneOf(words: readonly number[]): number {
    return words[this.random.below(words.length)]!;
  }
}
