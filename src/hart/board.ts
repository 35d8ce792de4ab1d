import type { Hart } from './hart.js';

/** What harts under a guest kernel find outside RAM: devices, and a clock. Every call comes on the hart's own thread. */
export interface Board {
  /** Ticks of the `time` counter. */
  time(): number;
  /** What the aligned bytes at a physical address hold, zero-extended; undefined: nothing answers there. */
  load(address: number, size: number): bigint | undefined;
  /** Stores the low `size` bytes of `value`; false: nothing answers there. */
  store(address: number, size: number, value: bigint): boolean;
  /** Takes in what has come from outside, and brings the hart's interrupts up to the time. */
  update(hart: Hart): void;
  /** The hart is about to sleep, and is marked idle: true when the board's time has been put forward instead, for want of anything to do. */
  skipsSleep(hart: Hart): boolean;
  /** The tick at which the board interrupts the hart next by itself; Infinity: never. */
  deadline(hart: Hart): number;
}
