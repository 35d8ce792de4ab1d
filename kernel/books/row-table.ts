import { KERNBASE } from '../../src/memory/map.js';

/** Marks a free slot: no address is there. */
const NOBODY = -1;
/** Slots for each entry, at least: short runs of neighbours. */
const ROOM = 4;
/** 2^32 by the golden ratio (Knuth, The Art of Computer Programming, vol. 3, §6.4). */
const MULTIPLIER = 0x9e37_79b1;

/** Rows by address, found in a few nanoseconds: it is asked in every acquisition. */
export class RowTable {
  private readonly keys: Int32Array;
  private readonly shift: number;
  private readonly mask: number;
  private readonly rows: Int32Array;

  /** @param addresses of RAM, the first of row 0, and so on */
  constructor(addresses: readonly number[]) {
    const bits = Math.max(1, Math.ceil(Math.log2(ROOM * addresses.length)));
    this.shift = 32 - bits;
    this.mask = 2 ** bits - 1;
    this.keys = new Int32Array(2 ** bits).fill(NOBODY);
    this.rows = new Int32Array(2 ** bits);
    addresses.forEach((address, row) => {
      const slot = this.slotOf(keyOf(address));
      this.keys[slot] = keyOf(address);
      this.rows[slot] = row;
    });
  }

  /** The row of an address; undefined: it has none. */
  rowOf(address: number): number | undefined {
    const key = keyOf(address);
    const slot = this.slotOf(key);
    return this.keys[slot] === key ? this.rows[slot] : undefined;
  }

  /** Where the key stands, or would. */
  private slotOf(key: number): number {
    const { keys, mask } = this;
    let slot = Math.imul(key, MULTIPLIER) >>> this.shift;
    while (keys[slot] !== key && keys[slot] !== NOBODY) slot = (slot + 1) & mask;
    return slot;
  }
}

/** A small integer, which an address of RAM is not: those take the engine's fast paths. */
function keyOf(address: number): number {
  return (address - KERNBASE) | 0;
}
