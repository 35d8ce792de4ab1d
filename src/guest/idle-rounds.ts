import type { DirectAccess } from '../memory/direct-access.js';
import { MOST_WATCHED } from './guest-block.js';
import type { Watch } from './watched-words.js';

/** Words that a round may touch. */
const MOST_WORDS = 4096;
/** Below the stack pointer lies what calls that have returned left there; nobody reads it. */
const DEAD_STACK = 2048;
const WORD = 4;

/**
 * Finds a hart that goes round its idle loop and finds nothing to do. When an access of the loop itself is met again with the
 * registers that it was met with before, and every word that the hart wrote in between has its old value again, then the hart
 * will do the same for ever, until one of the words changes that it read, or an interrupt comes.
 *
 * What the loop's own instructions read are the words in which it looks for something to do. A value that it has passed over in
 * one of them it passes over in all: xv6's scheduler looks for a process whose state is RUNNABLE.
 */
export class IdleRounds {
  private readonly visits = new Set<string>();
  /** By address, what the words held that the hart has written since the round began. */
  private readonly before = new Map<number, number>();
  /** And what those held that it has read, when it did so last. */
  private readonly read = new Map<number, number>();
  private readonly sought = new Set<number>();
  /** Values that the loop has passed over. */
  private readonly dull = new Set<number>();

  constructor(private readonly ram: DirectAccess) {}

  /**
   * An instruction of the idle loop is about to access memory.
   * @param sp physical address that the stack pointer stands for
   * What the hart waits for; undefined: it may yet find something.
   */
  aboutToAccess(pc: number, registers: Uint8Array, sp: number): Watch | undefined {
    const visit = `${pc} ${Buffer.from(registers).toString('latin1')}`;
    if (!this.visits.has(visit)) {
      this.visits.add(visit);
      return undefined;
    }
    const watch = this.isUndone(sp) ? this.watch() : undefined;
    this.forget();
    // Another round begins here.
    if (watch === undefined) this.visits.add(visit);
    return watch;
  }

  /** Whether accesses are looked at: the hart has been in the idle loop and in nothing else since. */
  get isUnderWay(): boolean {
    return this.visits.size > 0;
  }

  /** The words that the hart has read since the round began and not written; undefined: one of them has changed since, or there are too many. */
  watch(): Watch | undefined {
    const all = [...this.read].filter(([word]) => !this.before.has(word));
    if (all.length > MOST_WATCHED || all.some(([word, value]) => this.ram.load32(word) !== value)) return undefined;
    for (const [word, value] of all) if (this.sought.has(word)) this.dull.add(value);
    const [words, sought] = [false, true].map((is) => all.filter(([word]) => this.sought.has(word) === is));
    return { words: words!.map(([word]) => word), sought: sought!.map(([word]) => word), dull: [...this.dull] };
  }

  /** The hart accesses so many bytes at a physical address: right before it does. @param isLoop by an instruction of the idle loop */
  accesses(pa: number, bytes: number, writes: boolean, isLoop: boolean): void {
    if (this.visits.size === 0) return;
    if (this.before.size + this.read.size > MOST_WORDS) this.forget();
    for (let word = pa - (pa % WORD); word < pa + bytes; word += WORD)
      if (writes) {
        if (!this.before.has(word)) this.before.set(word, this.ram.load32(word));
      } else {
        this.read.set(word, this.ram.load32(word));
        if (isLoop) this.sought.add(word);
      }
  }

  /** What the hart does next may be new. */
  forget(): void {
    this.visits.clear();
    this.before.clear();
    this.read.clear();
    this.sought.clear();
  }

  private isUndone(sp: number): boolean {
    for (const [word, value] of this.before)
      if (this.ram.load32(word) !== value && !(word < sp && word >= sp - DEAD_STACK)) return false;
    return true;
  }
}
