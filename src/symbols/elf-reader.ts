/** What is wrong with a program file and how to mend it, in one line without the file's name. */
export class ElfError extends Error {
  override readonly name = 'ElfError';
}

export function hex(value: bigint | number): string {
  return `0x${value.toString(16)}`;
}

/** A table inside the file: program headers, section headers, symbols. */
export interface ElfTable {
  readonly offset: bigint;
  readonly count: number;
  readonly entrySize: number;
}

/** Little-endian reads from the file's bytes. */
export class ElfReader {
  constructor(readonly bytes: Uint8Array) {}

  get size(): number {
    return this.bytes.length;
  }
  u8(offset: number): number {
    const byte = this.bytes[offset];
    if (byte === undefined) throw new ElfError(this.truncated(`byte ${offset}`, BigInt(offset) + 1n));
    return byte;
  }
  u16(offset: number): number {
    return this.u8(offset) | (this.u8(offset + 1) << 8);
  }
  u32(offset: number): number {
    return (this.u16(offset) | (this.u16(offset + 2) << 16)) >>> 0;
  }
  u64(offset: number): bigint {
    return BigInt(this.u32(offset)) | (BigInt(this.u32(offset + 4)) << 32n);
  }

  /** The bytes [offset, offset + size), not copied; `what` names them when the file ends before. */
  slice(offset: bigint, size: bigint, what: string): Uint8Array {
    const end = offset + size;
    if (end > BigInt(this.size)) throw new ElfError(this.truncated(what, end));
    return this.bytes.subarray(Number(offset), Number(end));
  }

  /** Offsets of the table's entries. Throws `ElfError` when it does not lie in the file as a whole. */
  entries(table: ElfTable, what: string): number[] {
    this.slice(table.offset, BigInt(table.count) * BigInt(table.entrySize), what);
    const first = Number(table.offset);
    return Array.from({ length: table.count }, (_, i) => first + i * table.entrySize);
  }

  private truncated(what: string, end: bigint): string {
    return `the file is truncated: its ${what} should end at byte ${end}, but the file has ${this.size}; copy or build it again`;
  }
}
