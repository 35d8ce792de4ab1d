import { ElfError } from '../elf-reader.js';

/** A damaged part of the debug information, in one line. */
export function damaged(section: string, why: string): ElfError {
  return new ElfError(
    `its ${section} is damaged: ${why}; build the file again, or remove its debug information with riscv64-unknown-elf-strip -g`,
  );
}

const HIGH_WORD = 2 ** 32;
const decoder = new TextDecoder();

/** Little-endian reads from a section, one after the other. Every one throws `ElfError` when it would go past the end. */
export class Cursor {
  /**
   * @param section its name, for errors
   * @param at offset of the next byte
   * @param end offset past the last one
   */
  constructor(
    readonly bytes: Uint8Array,
    readonly section: string,
    public at = 0,
    readonly end = bytes.length,
  ) {
    if (at > end || end > bytes.length) throw this.tooShort(at);
  }

  get left(): number {
    return this.end - this.at;
  }

  u8(): number {
    if (this.at >= this.end) throw this.tooShort(this.at);
    return this.bytes[this.at++]!;
  }
  i8(): number {
    return (this.u8() << 24) >> 24;
  }
  u16(): number {
    return this.u8() | (this.u8() << 8);
  }
  u24(): number {
    return this.u16() | (this.u8() << 16);
  }
  u32(): number {
    return (this.u16() | (this.u16() << 16)) >>> 0;
  }
  i32(): number {
    return this.u32() | 0;
  }
  /** Exact up to 2^53: enough for addresses and sizes; anything larger is nobody's address. */
  u64(): number {
    return this.u32() + this.u32() * HIGH_WORD;
  }
  i64(): number {
    return this.u32() + this.i32() * HIGH_WORD;
  }
  /** An unsigned number of 1, 2, 4 or 8 bytes. */
  unsigned(size: number): number {
    if (size === 8) return this.u64();
    if (size === 4) return this.u32();
    if (size === 2) return this.u16();
    if (size === 1) return this.u8();
    throw damaged(this.section, `a number of ${size} bytes at byte ${this.at}`);
  }

  /** LEB128 (DWARF 5, §7.6), exact up to 2^53. */
  uleb(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
  }
  sleb(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      scale *= 0x80;
      if (byte < 0x80) return (byte & 0x40) === 0 ? value : value - scale;
    }
  }

  /** NUL-terminated UTF-8. */
  text(): string {
    const start = this.at;
    this.skipText();
    return decoder.decode(this.bytes.subarray(start, this.at - 1));
  }
  skipText(): void {
    const end = this.bytes.indexOf(0, this.at);
    if (end < 0 || end >= this.end) throw this.tooShort(this.at);
    this.at = end + 1;
  }

  skip(bytes: number): void {
    if (bytes > this.left) throw this.tooShort(this.at);
    this.at += bytes;
  }
  /** The next `bytes` bytes, as a cursor of their own; this one goes on behind them. */
  take(bytes: number): Cursor {
    const start = this.at;
    this.skip(bytes);
    return new Cursor(this.bytes, this.section, start, this.at);
  }

  /** How long what follows is, and the size of offsets in it: 4 or 8 bytes (DWARF 5, §7.4). */
  initialLength(): { length: number; offsetSize: 4 | 8 } {
    const length = this.u32();
    return length === ESCAPE_64 ? { length: this.u64(), offsetSize: 8 } : { length, offsetSize: 4 };
  }

  private tooShort(at: number): ElfError {
    return damaged(this.section, `what stands at byte ${at} goes past its end at ${this.end}`);
  }
}

const ESCAPE_64 = 0xffffffff;
