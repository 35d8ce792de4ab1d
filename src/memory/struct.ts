/**
 * Struct views: a struct is declared once, and its offsets, its accessors and its names in reports follow.
 *
 *     const run = struct('run', { next: u32 });
 *     run.fields.next.load(ram, pa)          // plain: what C does to an ordinary variable; may race
 *
 * Fields declared `atomic32` have atomic operations only, so that a word cannot be accessed both ways by accident.
 */
import type { SharedAccess } from './access.js';

/** What a field declaration turns into once its offset is known. */
export interface FieldType<F> {
  readonly size: number;
  readonly align: number;
  at(offset: number, name: string): F;
  /** Name of the part at `offset` inside the field, without a leading dot: `''`, `[3]`, `.locked`. */
  describe(offset: number): string;
}

export class Word8 {
  constructor(
    readonly offset: number,
    readonly name: string,
  ) {}
  load(m: SharedAccess, base: number): number {
    return m.load8(base + this.offset);
  }
  store(m: SharedAccess, base: number, value: number): void {
    m.store8(base + this.offset, value);
  }
}

export class Word32 {
  constructor(
    readonly offset: number,
    readonly name: string,
  ) {}
  /** Unsigned. */
  load(m: SharedAccess, base: number): number {
    return m.load32(base + this.offset);
  }
  store(m: SharedAccess, base: number, value: number): void {
    m.store32(base + this.offset, value);
  }
}

export class SignedWord32 {
  constructor(
    readonly offset: number,
    readonly name: string,
  ) {}
  load(m: SharedAccess, base: number): number {
    return m.load32(base + this.offset) | 0;
  }
  store(m: SharedAccess, base: number, value: number): void {
    m.store32(base + this.offset, value >>> 0);
  }
}

/** A 64-bit word whose values stay below 2^53 (addresses, counters). */
export class Word64 {
  constructor(
    readonly offset: number,
    readonly name: string,
  ) {}
  load(m: SharedAccess, base: number): number {
    return m.load64(base + this.offset);
  }
  store(m: SharedAccess, base: number, value: number): void {
    m.store64(base + this.offset, value);
  }
}

/** Sequentially consistent operations on an unsigned 32-bit word. All but `load` and `store` return the old value. */
export class AtomicWord32 {
  constructor(
    readonly offset: number,
    readonly name: string,
  ) {}
  at(base: number): number {
    return base + this.offset;
  }
  load(m: SharedAccess, base: number): number {
    return m.atomicLoad32(base + this.offset);
  }
  store(m: SharedAccess, base: number, value: number): void {
    m.atomicStore32(base + this.offset, value);
  }
  add(m: SharedAccess, base: number, value: number): number {
    return m.atomicAdd32(base + this.offset, value);
  }
  or(m: SharedAccess, base: number, value: number): number {
    return m.atomicOr32(base + this.offset, value);
  }
  and(m: SharedAccess, base: number, value: number): number {
    return m.atomicAnd32(base + this.offset, value);
  }
  exchange(m: SharedAccess, base: number, value: number): number {
    return m.atomicExchange32(base + this.offset, value);
  }
  compareExchange(m: SharedAccess, base: number, expected: number, value: number): number {
    return m.atomicCompareExchange32(base + this.offset, expected, value);
  }
}

/** Raw bytes, reached by the bulk operations. */
export class ByteRange {
  constructor(
    readonly offset: number,
    readonly name: string,
    readonly size: number,
  ) {}
  at(base: number): number {
    return base + this.offset;
  }
}

/** A struct inside a struct. */
export class Nested<T> {
  constructor(
    readonly offset: number,
    readonly name: string,
    readonly type: T,
  ) {}
  at(base: number): number {
    return base + this.offset;
  }
}

/** `length` elements, each with its own accessor at element 0; add `at(base, i)` for element i. */
export class Sequence<F> {
  constructor(
    readonly offset: number,
    readonly name: string,
    readonly length: number,
    readonly stride: number,
    /** Accessor whose base is the element's address. */
    readonly element: F,
  ) {}
  /** Address of element `index`. Throws RangeError outside the array. */
  at(base: number, index: number): number {
    if (index < 0 || index >= this.length)
      throw new RangeError(`${this.name}[${index}] is outside its ${this.length} elements`);
    return base + this.offset + index * this.stride;
  }
}

function scalar<F>(size: number, make: new (offset: number, name: string) => F): FieldType<F> {
  return {
    size,
    align: size,
    at: (offset, name) => new make(offset, name),
    describe: (offset) => (offset === 0 ? '' : `+${offset}`),
  };
}

export const u8 = scalar(1, Word8);
export const u32 = scalar(4, Word32);
export const i32 = scalar(4, SignedWord32);
export const u64 = scalar(8, Word64);
export const atomic32 = scalar(4, AtomicWord32);

export function bytes(size: number, align = 1): FieldType<ByteRange> {
  return {
    size,
    align,
    at: (offset, name) => new ByteRange(offset, name, size),
    describe: (offset) => (offset === 0 ? '' : `+${offset}`),
  };
}

export function array<F>(type: FieldType<F>, length: number): FieldType<Sequence<F>> {
  const stride = alignUp(type.size, type.align);
  return {
    size: stride * length,
    align: type.align,
    at: (offset, name) => new Sequence(offset, name, length, stride, type.at(0, name)),
    describe: (offset) => `[${Math.floor(offset / stride)}]${type.describe(offset % stride)}`,
  };
}

type Accessors<D> = { readonly [K in keyof D]: D[K] extends FieldType<infer F> ? F : never };

export interface Struct<D> extends FieldType<Nested<Struct<D>>> {
  readonly name: string;
  readonly fields: Accessors<D>;
}

/** Lays the fields out in order with natural alignment, as a C compiler does. */
export function struct<D extends Record<string, FieldType<unknown>>>(name: string, declaration: D): Struct<D> {
  const fields: Record<string, unknown> = {};
  const places: { name: string; offset: number; type: FieldType<unknown> }[] = [];
  let offset = 0;
  let align = 1;
  for (const [field, type] of Object.entries(declaration)) {
    offset = alignUp(offset, type.align);
    fields[field] = type.at(offset, field);
    places.push({ name: field, offset, type });
    offset += type.size;
    align = Math.max(align, type.align);
  }
  const self: Struct<D> = {
    name,
    size: alignUp(offset, align),
    align,
    fields: fields as Accessors<D>,
    at: (at, fieldName) => new Nested(at, fieldName, self),
    describe(at) {
      const place = places.findLast((p) => p.offset <= at);
      return place === undefined ? `+${at}` : `.${place.name}${place.type.describe(at - place.offset)}`;
    },
  };
  return self;
}

export function alignUp(value: number, align: number): number {
  return Math.ceil(value / align) * align;
}
