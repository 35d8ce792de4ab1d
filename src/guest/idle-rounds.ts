import type { DirectAccess } from '../memory/direct-access.js';
import { MOST_WATCHED } from './guest-block.js';

/** Words that a round may touch. */
const MOST_WORDS = 4096;
/** Below the stack pointer lies what calls that have returned left there; nobody reads it. */
const DEAD_STACK = 2048;
const WORD = 4;

/**
 * Finds a hart that goes round its idle loop and finds nothing to do. When an access of the loop itself is met again with the
 * registers that it was met with before, and every word that the hart wrote in between has its old value again, then the hart
 * will do the same for ever, until one of the words changes that it read, or an interrupt comes.
 */
export class IdleRounds {
  private readonly visits = new Set<string>();
  /** By address, what the words held that the hart has written since the round began. */
  private readonly before = new Map<number, number>();
  /** And what those held that it has read, when it did so last. */
  private readonly read = new Map<number, number>();

  constructor(private readonly ram: DirectAccess) {}

  /**
   * An instruction of the idle loop is about to access memory.
   * @param sp physical address that the stack pointer stands for
   * The words that the hart has read and not written: nothing happens until one of them changes; undefined: it may yet find something.
   */
  aboutToAccess(pc: number, registers: Uint8Array, sp: number): readonly number[] | undefined {
    const visit = `${pc} ${Buffer.from(registers).toString('latin1')}`;
    if (!this.visits.has(visit)) {
      this.visits.add(visit);
      return undefined;
    }
    const words = this.isUndone(sp) ? this.onlyRead() : undefined;
    this.forget();
    return words;
  }

  /** The words that the hart has read since the round began and not written; undefined: one of them has changed since, or there are too many. */
  onlyRead(): readonly number[] | undefined {
    const words = [...this.read.keys()].filter((word) => !this.before.has(word));
    if (words.length > MOST_WATCHED) return undefined;
    return words.every((word) => this.ram.load32(word) === this.read.get(word)) ? words : undefined;
  }

  /** The hart accesses so many bytes at a physical address: right before it does. */
  accesses(pa: number, bytes: number, writes: boolean): void {
    if (this.visits.size === 0) return;
    if (this.before.size + this.read.size > MOST_WORDS) this.forget();
    for (let word = pa - (pa % WORD); word < pa + bytes; word += WORD)
      if (!writes) this.read.set(word, this.ram.load32(word));
      else if (!this.before.has(word)) this.before.set(word, this.ram.load32(word));
  }

  /** What the hart does next may be new. */
  forget(): void {
    this.visits.clear();
    this.before.clear();
    this.read.clear();
  }

  private isUndone(sp: number): boolean {
    for (const [word, value] of this.before)
      if (this.ram.load32(word) !== value && !(word < sp && word >= sp - DEAD_STACK)) return false;
    return true;
  }
}
