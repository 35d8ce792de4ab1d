/**
 * What answers at a range of physical addresses. Its state lies in the shared memory, and an access is carried out on the
 * thread of the hart that makes it, under the device's lock: there are no threads of devices.
 */
export interface Device {
  readonly name: string;
  /** Physical address of its first register, and bytes from there. */
  readonly base: number;
  readonly size: number;
  /** What the `size` bytes at `offset` hold, zero-extended; undefined: nothing answers, an access fault. The access is aligned. */
  load(offset: number, size: number): bigint | undefined;
  /** `value` has the low `size` bytes of the register stored, and zeros above. false: nothing answers. */
  store(offset: number, size: number, value: bigint): boolean;
}

/** Bytes of the registers of most devices. */
export const WORD = 4;

/** A device all of whose registers are words, accessed as such. */
export abstract class WordDevice implements Device {
  abstract readonly name: string;
  abstract readonly base: number;
  abstract readonly size: number;
  protected abstract loadWord(offset: number): number | undefined;
  protected abstract storeWord(offset: number, value: number): boolean;

  load(offset: number, size: number): bigint | undefined {
    const value = size === WORD ? this.loadWord(offset) : undefined;
    return value === undefined ? undefined : BigInt(value >>> 0);
  }
  store(offset: number, size: number, value: bigint): boolean {
    return size === WORD && this.storeWord(offset, Number(value));
  }
}
