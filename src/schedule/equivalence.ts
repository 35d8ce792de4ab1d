import { KernelEvent } from '../memory/access.js';
import { PGSIZE } from '../memory/map.js';
import { frameTold, ghostOf, isAccess, isWrite, Op, reachOf, type TraceEvent } from '../memory/trace-event.js';

/** The order of accesses to one word, so far. */
interface WordHistory {
  lastWrite: number;
  /** Sum over the reads since the last write: reads of one value commute. */
  reads: number;
}

/** What harts contend for. */
export interface Contended {
  /** The words of an access. */
  within(address: number, bytes: number): readonly number[];
  /** Whether the ghost word of a frame is one. */
  hasGhost(ghost: number): boolean;
}

/** Stands for the doorbells, which all harts share: no word of RAM. */
const BELLS: readonly number[] = [0];

/** The words of an event by which it depends on other harts. */
export function sharedWords(event: TraceEvent, contended: Contended): readonly number[] {
  if (isAccess(event.op)) {
    const { address, bytes } = reachOf(event);
    return contended.within(address, bytes);
  }
  if (event.note === KernelEvent.BellUsed) return BELLS;
  const frame = frameTold(event);
  return frame !== undefined && contended.hasGhost(ghostOf(frame)) ? [ghostOf(frame)] : [];
}

/** Whether it may change them. */
export function changesShared({ op }: TraceEvent): boolean {
  return op === Op.Note || isWrite(op);
}

/** The ghost word that an access to contended words reads; undefined: of no frame of which others tell anything. */
export function ghostRead({ op, address }: TraceEvent, contended: Contended): number | undefined {
  if (!isAccess(op)) return undefined;
  const ghost = ghostOf(address - (address % PGSIZE));
  return contended.hasGhost(ghost) ? ghost : undefined;
}

/**
 * A number that two runs share when they differ only in the order of accesses that do not depend on one another
 * (Mazurkiewicz traces). 52 bits of hash over word histories; an access's hash depends on the accesses that it
 * depends on and on nothing else, and the sum over all does not depend on their order. At any moment of two runs: when
 * it is the same, so is the memory, and so is what each hart has done and will do, as far as it depends on others.
 */
export class Fingerprint {
  value = 0;
  private readonly words = new Map<number, WordHistory>();
  private readonly progress: number[] = [];

  constructor(private readonly contended: Contended) {}

  /** Takes up the next event of the run; whether it is one that depends on other harts. */
  add(event: TraceEvent): boolean {
    const words = sharedWords(event, this.contended);
    if (words.length === 0) return false;
    for (const word of words) this.access(word, event.hart, changesShared(event));
    const ghost = ghostRead(event, this.contended);
    if (ghost !== undefined) this.access(ghost, event.hart, false);
    return true;
  }

  private access(word: number, hart: number, writes: boolean): void {
    const done = this.progress[hart] ?? 0;
    const history = this.words.get(word) ?? { lastWrite: 0, reads: 0 };
    this.words.set(word, history);
    const self = hash(hash(hart + 1, done), hash(word, history.lastWrite));
    // What a hart did depends on all it did before.
    const own = writes ? hash(self, history.reads) : self;
    this.progress[hart] = own;
    if (writes) {
      history.lastWrite = own;
      history.reads = 0;
    } else history.reads = (history.reads + own) % Number.MAX_SAFE_INTEGER;
    this.value = (this.value + own) % Number.MAX_SAFE_INTEGER;
  }
}

/** The fingerprint of a whole run. */
export function fingerprint(trace: Iterable<TraceEvent>, contended: Contended): number {
  const whole = new Fingerprint(contended);
  for (const event of trace) whole.add(event);
  return whole.value;
}

/** Two numbers below 2^53 to one below 2^52 (multiply and xor on halves). */
export function hash(a: number, b: number): number {
  let high = Math.imul((a / 0x10_0000) >>> 0, 0x85eb_ca6b) ^ Math.imul(b >>> 0, 0xc2b2_ae35);
  let low = Math.imul(a >>> 0, 0x27d4_eb2f) ^ Math.imul((b / 0x10_0000) >>> 0, 0x1656_67b1);
  high = Math.imul(high ^ (high >>> 15) ^ low, 0x2c1b_3c6d);
  low = Math.imul(low ^ (low >>> 13) ^ high, 0x297a_2d39);
  return ((high ^ (high >>> 16)) >>> 12) * 0x1_0000_0000 + ((low ^ (low >>> 16)) >>> 0);
}
