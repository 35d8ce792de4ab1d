import type { Hart } from '../hart/hart.js';
import { AccessKind, hartBlock, MOST_JUMPS } from '../memory/map.js';
import { HART_SHIFT } from '../memory/trace-event.js';
import type { ControlledAccess } from '../schedule/controlled-access.js';
import { guestBlock } from './guest-block.js';
import type { GuestTranslation } from './guest-translation.js';
import type { AddressRange } from './own-accesses.js';
import type { WatchedWords } from './watched-words.js';

/** Accesses in a row that are nobody's concern, at most: a hart that only makes such may be waiting for something. */
const MOST_QUIET = 512;
const WORD = 4;

const { quietLeft, quietEvents, quietStep, quietHead, contendedBits, watchedBits, loudStart, loudEnd, jumpsLeft } =
  hartBlock.fields;

/**
 * Accesses that are nobody's concern: the engine makes them and puts them into the trace without a stop, where it may. Where it may
 * not, because somebody wants the stack of each, they are known again, so that the run is the same.
 */
export class QuietAccesses {
  /** How many there were since the last one at which anything was asked. */
  private inARow = 0;
  private jumps = 0;
  private most = 0;
  /** All code in which the kernel idles lies here. */
  private readonly loud: AddressRange;

  /** @param idle where the kernel's idle loops are */
  constructor(
    private readonly hart: Hart,
    private readonly access: ControlledAccess,
    private readonly translation: GuestTranslation,
    private readonly watched: WatchedWords,
    idle: readonly AddressRange[],
  ) {
    this.loud = { start: Math.min(...idle.map(({ start }) => start)), end: Math.max(0, ...idle.map(({ end }) => end)) };
  }

  begin(): void {
    const { host, map } = this.hart.memory;
    const { block } = this.hart.map;
    quietHead.store(host, block, this.hart.id << HART_SHIFT);
    contendedBits.store(host, block, this.access.contendedBits);
    watchedBits.store(host, block, guestBlock.fields.watchedBits.at(map.devices, 0));
    loudStart.store(host, block, this.loud.end > 0 ? this.loud.start : 0);
    loudEnd.store(host, block, this.loud.end);
  }

  /** Nothing is pending that might interrupt the hart between two jumps. */
  get isCalm(): boolean {
    return this.access.isQuiet && this.hart.pending === 0;
  }

  /**
   * Before the engine runs.
   * @param mayBeQuiet nothing that the hart is doing wants to see all its accesses
   * @param blocks basic blocks without an access so far
   */
  offer(mayBeQuiet: boolean, blocks: number): void {
    const { host } = this.hart.memory;
    const { block } = this.hart.map;
    this.jumps = this.isCalm ? MOST_JUMPS - blocks : 0;
    this.most = mayBeQuiet && !this.access.capturesAll ? this.budget() : 0;
    jumpsLeft.store(host, block, this.jumps);
    quietLeft.store(host, block, this.most);
    if (this.most === 0) return;
    const { at, step } = this.access.nextEvent;
    quietEvents.store(host, block, at);
    quietStep.store(host, block, step);
  }

  /** After it has run: basic blocks without an access, of which there were so many before. */
  taken(blocks: number): number {
    const { host } = this.hart.memory;
    const { block } = this.hart.map;
    const made = this.most - quietLeft.load(host, block);
    if (made > 0) this.access.madeQuietly(made);
    this.inARow += made;
    return this.jumps > 0 ? MOST_JUMPS - jumpsLeft.load(host, block) : blocks;
  }

  /** Where the access lies that was announced, if it is one that the engine makes without a stop; undefined: it is none. */
  addressOfAnnounced(pc: number): number | undefined {
    const { hart, translation, access, watched } = this;
    const { kind, size } = hart.announced;
    const va = hart.trapAddress;
    if ((kind !== AccessKind.Load && kind !== AccessKind.Store) || va % size !== 0) return undefined;
    if (pc >= this.loud.start && pc < this.loud.end) return undefined;
    const pa = translation.cached(va, kind === AccessKind.Store);
    if (pa === undefined || access.isContended(pa, size)) return undefined;
    for (let word = pa - (pa % WORD); word < pa + size; word += WORD) if (watched.mayWatch(word)) return undefined;
    return this.budget() > 0 ? pa : undefined;
  }

  /** One was made by somebody other than the engine. */
  madeOne(): void {
    this.inARow++;
  }

  /** An access at which something is asked. */
  interrupted(): void {
    this.inARow = 0;
  }

  private budget(): number {
    return this.isCalm ? Math.min(MOST_QUIET - this.inARow, this.access.quietAccesses()) : 0;
  }
}
