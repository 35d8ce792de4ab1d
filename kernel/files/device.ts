/**
 * What answers reads and writes of a device's file, for process p, which runs on this hart. A call that waits returns GONE
 * and is called anew, `resumed`, when the process is woken; it keeps how far it has come in `proc.progress`.
 */
export interface Device {
  /** Up to `n` bytes, not negative, to user address `to`: how many, 0 at the end of input, or -1. */
  read(p: number, to: number, n: number, resumed: boolean): number;
  /** `n` bytes, not negative, from user address `from`: how many, or -1. */
  write(p: number, from: number, n: number, resumed: boolean): number;
}

/** Devices by major number. */
export type Devices = readonly (Device | undefined)[];
