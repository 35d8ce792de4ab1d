import type { Member, Type } from './types.js';

/** A part of a variable, as C names it: what follows the variable's own name. */
export interface Part {
  /** `[3].context.ra`; empty for the whole. */
  readonly path: string;
  readonly type: Type;
  /** Bytes from the part's first, where the address is inside what is accessed as a whole, or in no part. */
  readonly offset: number;
}

/** What lies `offset` bytes from the beginning of a value: the smallest part that has a name. */
export function partAt(type: Type, offset: number): Part {
  let part: Part = { path: '', type, offset };
  // Every step goes into something that is no larger; the bound is for damage, which can make circles.
  for (let steps = 0; steps < DEEPEST; steps++) {
    const next = stepInto(part);
    if (next === undefined) return part;
    part = next;
  }
  return part;
}
const DEEPEST = 64;

function stepInto({ path, type, offset }: Part): Part | undefined {
  if (type.kind === 'array') {
    const { element, count } = type;
    const index = element.size > 0 ? Math.floor(offset / element.size) : -1;
    if (index < 0 || index >= count) return undefined;
    return { path: `${path}[${index}]`, type: element, offset: offset - index * element.size };
  }
  if (type.kind !== 'struct' && type.kind !== 'union') return undefined;
  const members = type.members().filter((member) => covers(member, offset));
  const member = members[0];
  if (member === undefined) return undefined;
  // Bit fields that share a byte are accessed together.
  const names = member.bitFieldBytes === undefined ? [member.name] : members.map(({ name }) => name);
  const name = names.filter((n) => n !== undefined).join('|');
  const step = member.bitFieldBytes === undefined ? offset - member.offset : 0;
  return { path: name === '' ? path : `${path}.${name}`, type: member.type, offset: step };
}

function covers({ offset, type, bitFieldBytes }: Member, at: number): boolean {
  return offset <= at && at < offset + (bitFieldBytes ?? type.size);
}

const STEP = /^(?:\.([A-Za-z_]\w*)|\[(\d+)\])/;

/** The part that a path leads to, and how far it is from the beginning; undefined where it leads nowhere. */
export function partNamed(type: Type, path: string): { type: Type; offset: number } | undefined {
  let at = { type, offset: 0 };
  let rest = path;
  while (rest !== '') {
    const step = STEP.exec(rest);
    if (step === null) return undefined;
    const [text, name, index] = step;
    const next = name === undefined ? elementOf(at.type, Number(index)) : memberOf(at.type, name, 0);
    if (next === undefined) return undefined;
    at = { type: next.type, offset: at.offset + next.offset };
    rest = rest.slice(text.length);
  }
  return at;
}

function elementOf(type: Type, index: number): { type: Type; offset: number } | undefined {
  if (type.kind !== 'array' || index >= type.count) return undefined;
  return { type: type.element, offset: index * type.element.size };
}

function memberOf(type: Type, name: string, depth: number): { type: Type; offset: number } | undefined {
  if ((type.kind !== 'struct' && type.kind !== 'union') || depth > DEEPEST) return undefined;
  for (const member of type.members()) {
    if (member.name === name) return member;
    // The members of one without a name count as members of what it stands in.
    const inner = member.name === undefined ? memberOf(member.type, name, depth + 1) : undefined;
    if (inner !== undefined) return { type: inner.type, offset: member.offset + inner.offset };
  }
  return undefined;
}
