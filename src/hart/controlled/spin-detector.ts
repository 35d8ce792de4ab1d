import type { WaitedWord } from '../../schedule/hart-turns.js';

/** Words that a loop may read and still be found to spin. */
const MOST_WORDS = 4;
/** Reads after which a window is too long to be a waiting loop. */
const LONGEST = 64;

/** An instruction that reads, met again: the registers it was met with, and the reads made before that. */
interface Visit {
  registers?: Uint8Array;
  reads: number;
}

/**
 * Finds a hart that goes round a loop in which nothing changes. When an instruction is met with the registers that it was
 * met with before, and the hart has only read memory in between, then it will do the same again, for ever, until one of
 * the words that it read changes. (An update that leaves a word as it was counts as a read: amoswap of 1 over 1.)
 */
export class SpinDetector {
  private readonly visits = new Map<number, Visit>();
  private reads: WaitedWord[] = [];

  /**
   * The instruction at `pc` is about to read.
   * @param registers a copy of all registers, asked for only where a loop is likely
   * The words of which one must change before the hart can do anything new; undefined: it does not spin, as far as is known.
   */
  aboutToRead(pc: number, registers: () => Uint8Array): readonly WaitedWord[] | undefined {
    if (this.reads.length > LONGEST) this.forget();
    const visit = this.visits.get(pc);
    if (visit === undefined) {
      this.visits.set(pc, { reads: this.reads.length });
      return undefined;
    }
    const now = registers();
    const isSame = visit.registers?.every((byte, i) => byte === now[i]) === true;
    const words = distinct(this.reads.slice(visit.reads));
    visit.registers = now;
    visit.reads = this.reads.length;
    return isSame && words.length > 0 && words.length <= MOST_WORDS ? words : undefined;
  }

  /** It has read these words. */
  hasRead(words: readonly WaitedWord[]): void {
    this.reads.push(...words);
  }

  /** The hart has done something else than read, or has been woken: what it does next may be new. */
  forget(): void {
    this.visits.clear();
    this.reads = [];
  }
}

/** The last value that was read of each word. */
function distinct(reads: readonly WaitedWord[]): WaitedWord[] {
  return [...new Map(reads.map((word) => [word.address, word])).values()];
}
