import { Attribute, Operation, Tag } from './constants.js';
import type { Entry } from './entry.js';

/** A part of a structure or union. */
export interface Member {
  /** undefined of a structure that stands in another without a name (C11, §6.7.2.1). */
  readonly name: string | undefined;
  /** Bytes from the beginning of the whole. */
  readonly offset: number;
  readonly type: Type;
  /** Of a bit field: how many bytes its bits touch, from `offset` on. */
  readonly bitFieldBytes?: number;
}

/** What a variable consists of. `const`, `volatile` and names by `typedef` are only in `name`. */
export type Type =
  /** What is accessed as a whole: a number, a pointer, an enumeration. */
  | { readonly kind: 'scalar'; readonly name: string; readonly size: number }
  /** `size` is that of all elements together; 0 elements where C leaves the number open. */
  | {
      readonly kind: 'array';
      readonly name: string;
      readonly size: number;
      readonly element: Type;
      readonly count: number;
    }
  | {
      readonly kind: 'struct' | 'union';
      readonly name: string;
      readonly size: number;
      /** Read when they are asked for, as types may refer to each other in circles. */
      readonly members: () => readonly Member[];
    }
  /** Nothing that we know the inside of. */
  | { readonly kind: 'unknown'; readonly name: string; readonly size: number };

const QUALIFIERS: ReadonlyMap<number, string> = new Map([
  [Tag.constType, 'const '],
  [Tag.volatileType, 'volatile '],
  [Tag.restrictType, 'restrict '],
  [Tag.atomicType, '_Atomic '],
]);
const PARTS: ReadonlySet<number> = new Set([Tag.member]);
const DIMENSIONS: ReadonlySet<number> = new Set([Tag.subrangeType]);
/** Of pointers to arrays of pointers …; what is deeper comes from damage, which can make circles. */
const DEEPEST = 32;
/** More than an address space holds: a length that is none, as of `extern int a[]`. */
const NO_COUNT = 2 ** 48;

/** The type of what the entry describes, or of what a pointer, array or typedef is made of; `void` without one. */
export function typeOf(entry: Entry, depth = 0): Type {
  const target = entry.reference(Attribute.type);
  return target === undefined ? { kind: 'unknown', name: 'void', size: 0 } : readType(target, depth);
}

function readType(described: Entry, depth: number): Type {
  if (depth > DEEPEST) return { kind: 'unknown', name: '…', size: 0 };
  // What is declared here may be described in a unit of its own.
  const entry = described.reference(Attribute.signature) ?? described;
  const name = entry.text(Attribute.name);
  const size = entry.number(Attribute.byteSize) ?? 0;
  const qualifier = QUALIFIERS.get(entry.tag);
  if (qualifier !== undefined) {
    const inner = typeOf(entry, depth + 1);
    // What is said of a pointer itself stands behind its star.
    return { ...inner, name: inner.name.endsWith('*') ? inner.name + qualifier.trim() : qualifier + inner.name };
  }
  switch (entry.tag) {
    case Tag.typedef: {
      const inner = typeOf(entry, depth + 1);
      return { ...inner, name: name ?? inner.name };
    }
    case Tag.baseType:
      return { kind: 'scalar', name: name ?? '?', size };
    case Tag.enumerationType:
      return { kind: 'scalar', name: `enum ${name ?? '{…}'}`, size };
    case Tag.pointerType:
      return { kind: 'scalar', name: pointerName(entry, depth), size: size || entry.unit.header.addressSize };
    case Tag.arrayType:
      return readArray(entry, depth);
    case Tag.structureType:
      return { kind: 'struct', name: `struct ${name ?? '{…}'}`, size, members: readOnce(() => readMembers(entry)) };
    case Tag.unionType:
      return { kind: 'union', name: `union ${name ?? '{…}'}`, size, members: readOnce(() => readMembers(entry)) };
    default:
      return { kind: 'unknown', name: name ?? '?', size };
  }
}

function pointerName(entry: Entry, depth: number): string {
  const target = entry.reference(Attribute.type);
  if (target?.tag === Tag.subroutineType) return `${typeOf(target, depth + 1).name} (*)()`;
  const { name } = typeOf(entry, depth + 1);
  return name.endsWith('*') ? `${name}*` : `${name} *`;
}

/** An array of arrays is one entry with several dimensions, the outermost first. */
function readArray(entry: Entry, depth: number): Type {
  let type = typeOf(entry, depth + 1);
  const element = type.name;
  const counts = entry.children(DIMENSIONS).map(countOf);
  let dimensions = '';
  for (const count of counts.reverse()) {
    dimensions = `[${count || ''}]${dimensions}`;
    type = { kind: 'array', name: `${element}${dimensions}`, size: type.size * count, element: type, count };
  }
  return type;
}

function countOf(dimension: Entry): number {
  const count = dimension.number(Attribute.count) ?? (dimension.number(Attribute.upperBound) ?? -1) + 1;
  return count >= 0 && count < NO_COUNT ? count : 0;
}

function readMembers(entry: Entry): Member[] {
  return entry.children(PARTS).map((member) => {
    const name = member.text(Attribute.name);
    const type = typeOf(member);
    const bits = bitsOf(member, type);
    if (bits === undefined) return { name, offset: byteOffset(member), type };
    const offset = Math.floor(bits.start / 8);
    return { name, offset, type, bitFieldBytes: Math.ceil((bits.start + bits.count) / 8) - offset };
  });
}

/** A number, or in DWARF 2 the expression that adds it. */
function byteOffset(member: Entry): number {
  const expression = member.block(Attribute.dataMemberLocation);
  if (expression === undefined) return member.number(Attribute.dataMemberLocation) ?? 0;
  return expression.left > 0 && expression.u8() === Operation.plusUconst ? expression.uleb() : 0;
}

/** Where a bit field's bits lie in the whole, from the lowest bit of its first byte on. */
function bitsOf(member: Entry, type: Type): { start: number; count: number } | undefined {
  const count = member.number(Attribute.bitSize);
  if (count === undefined) return undefined;
  const start = member.number(Attribute.dataBitOffset);
  if (start !== undefined) return { start, count };
  // DWARF 2 and 3 count from the highest bit of the storage unit (DWARF 3, §5.6.6).
  const storage = (member.number(Attribute.byteSize) ?? type.size) * 8;
  const fromTop = member.number(Attribute.bitOffset) ?? storage - count;
  return { start: byteOffset(member) * 8 + storage - fromTop - count, count };
}

function readOnce<T>(read: () => T): () => T {
  let value: T | undefined;
  return () => {
    value ??= read();
    return value;
  };
}
