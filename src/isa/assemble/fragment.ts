import { AssemblyError } from './assembly-error.js';
import { type Expression, evaluate, type Scope } from './expression.js';

/** A stretch of a section that one statement made. Its address is known when the layout has settled. */
export interface Fragment {
  readonly line: number;
  /** Bytes when it begins at `address`. May change while the layout settles. */
  size(address: bigint, scope: Scope): number;
  /** Exactly `size` bytes. Throws an AssemblyError. */
  emit(address: bigint, scope: Scope): Uint8Array;
  /** Takes a longer form when the short one does not reach; true when it did. It never goes back. */
  grow?(address: bigint, scope: Scope): boolean;
}

export class Bytes implements Fragment {
  constructor(
    readonly line: number,
    private readonly bytes: Uint8Array,
  ) {}
  size(): number {
    return this.bytes.length;
  }
  emit(): Uint8Array {
    return this.bytes;
  }
}

/** One integer of 1, 2, 4 or 8 bytes, little endian. */
export class Datum implements Fragment {
  constructor(
    readonly line: number,
    private readonly bytes: number,
    private readonly value: Expression,
  ) {}
  size(): number {
    return this.bytes;
  }
  emit(_address: bigint, scope: Scope): Uint8Array {
    const value = evaluate(this.value, scope);
    const bits = 8 * this.bytes;
    const least = -(1n << BigInt(bits - 1));
    const greatest = (1n << BigInt(bits)) - 1n;
    if (value < least || value > greatest) {
      throw new AssemblyError(this.line, `${value} does not fit ${this.bytes} bytes; use a wider directive or mask it`);
    }
    return littleEndian(BigInt.asUintN(bits, value), this.bytes);
  }
}

/** `.space`: as many bytes as the expression says. */
export class Space implements Fragment {
  constructor(
    readonly line: number,
    private readonly count: Expression,
    private readonly fill: number,
  ) {}
  size(_address: bigint, scope: Scope): number {
    return Math.max(0, Number(evaluate(this.count, scope)));
  }
  emit(address: bigint, scope: Scope): Uint8Array {
    const count = evaluate(this.count, scope);
    if (count < 0n) throw new AssemblyError(this.line, `a space of ${count} bytes; what stands before it is too long`);
    return new Uint8Array(this.size(address, scope)).fill(this.fill);
  }
}

const NOP = 0x00000013n;
const C_NOP = 0x0001n;

/** Fills up to a multiple of `alignment` bytes: with `fill`, or with instructions that do nothing. */
export class Alignment implements Fragment {
  constructor(
    readonly line: number,
    private readonly alignment: number,
    private readonly fill: number | 'nops',
  ) {}
  size(address: bigint): number {
    return Number(-address & BigInt(this.alignment - 1));
  }
  emit(address: bigint): Uint8Array {
    const bytes = new Uint8Array(this.size(address));
    if (this.fill !== 'nops') return bytes.fill(this.fill);
    let at = bytes.length % 2;
    if (at + 2 <= bytes.length && (bytes.length - at) % 4 !== 0) {
      bytes.set(littleEndian(C_NOP, 2), at);
      at += 2;
    }
    for (; at < bytes.length; at += 4) bytes.set(littleEndian(NOP, 4), at);
    return bytes;
  }
}

export function littleEndian(value: bigint, size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, index) => Number((value >> BigInt(8 * index)) & 0xffn));
}
