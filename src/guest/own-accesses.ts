import type { Hart } from '../hart/hart.js';
import { hartBlock } from '../memory/map.js';

/** Bytes of a function's frame, at most. */
export const MOST_FRAME = 1024;
/** Above every stack: an address that is exact as a double. */
const EVERYWHERE = 2 ** 52;

const { mostFrame, ownBelow, ownStart, ownEnd, ownChanges } = hartBlock.fields;

/** Of code or data; `end` is behind it. */
export interface AddressRange {
  readonly start: number;
  readonly end: number;
}

/** What the engine does not announce, because it is the hart's own: the frame of the function that it is in, and the kernel's words for this hart alone. */
export class OwnAccesses {
  private below = 0;
  private changes = 0;

  /** @param data what the kernel keeps for this hart alone */
  constructor(
    private readonly hart: Hart,
    private readonly data: AddressRange | undefined,
  ) {}

  begin(): void {
    const { host } = this.hart.memory;
    mostFrame.store(host, this.hart.map.block, MOST_FRAME);
    this.changes = ownChanges.load(host, this.hart.map.block);
  }

  /**
   * While somebody wants to know whether a round of the idle loop is undone, what is the hart's own is announced, but for frames
   * of functions that the loop has called: when they have returned, what they left there is dead.
   *
   * @param idleStack the stack pointer in the loop; undefined: nobody wants to know
   */
  settle(idleStack: number | undefined): void {
    const wanted = idleStack ?? EVERYWHERE;
    if (wanted === this.below) return;
    this.below = wanted;
    const { host } = this.hart.memory;
    const { block } = this.hart.map;
    const data = idleStack === undefined ? this.data : undefined;
    ownBelow.store(host, block, wanted);
    ownStart.store(host, block, data?.start ?? 0);
    ownEnd.store(host, block, data?.end ?? 0);
  }

  /** Whether the hart has stored something new, unannounced, since this was asked last. */
  haveChanged(): boolean {
    const now = ownChanges.load(this.hart.memory.host, this.hart.map.block);
    const isNew = now !== this.changes;
    this.changes = now;
    return isNew;
  }
}
