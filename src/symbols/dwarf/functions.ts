import { Attribute, Tag } from './constants.js';
import { damaged } from './cursor.js';
import type { Entry } from './entry.js';
import { type Range, rangesOf } from './ranges.js';

/** A function, or a copy of one that was inlined into another. */
export interface CodeScope {
  readonly name: string | undefined;
  readonly ranges: readonly Range[];
  /** Of a copy: what it was inlined into. */
  readonly caller: CodeScope | undefined;
  /** Of a copy: where it is called, in the line table's files. */
  readonly callFile: number;
  readonly callLine: number;
}

const SCOPES: ReadonlySet<number> = new Set([Tag.subprogram, Tag.inlinedSubroutine, Tag.lexicalBlock]);
/** Of blocks in each other; a compiler's own limits are lower. */
const DEEPEST = 200;

/** Functions of a unit that have code, each before the copies in it. */
export function readFunctions(root: Entry): CodeScope[] {
  const found: CodeScope[] = [];
  addScopes(root, undefined, found, 0);
  return found;
}

function addScopes(entry: Entry, caller: CodeScope | undefined, found: CodeScope[], depth: number): void {
  if (depth > DEEPEST) throw damaged(entry.unit.header.section, `blocks in blocks at byte ${entry.offset}`);
  for (const child of entry.children(SCOPES)) {
    // What a block holds belongs to the function around it.
    const scope = child.tag === Tag.lexicalBlock ? caller : readScope(child, caller);
    if (scope === undefined) continue;
    if (child.tag !== Tag.lexicalBlock) found.push(scope);
    addScopes(child, scope, found, depth + 1);
  }
}

/** undefined for what has no code: a declaration, or the original of copies. (A copy without has copies of others that have.) */
function readScope(entry: Entry, caller: CodeScope | undefined): CodeScope | undefined {
  const ranges = rangesOf(entry);
  if (ranges.length === 0 && entry.tag === Tag.subprogram) return undefined;
  return {
    name: nameOf(entry),
    ranges,
    caller: entry.tag === Tag.inlinedSubroutine ? caller : undefined,
    callFile: entry.number(Attribute.callFile) ?? 0,
    callLine: entry.number(Attribute.callLine) ?? 0,
  };
}

/** Its own name, or that of the function of which it is a copy or the definition. */
export function nameOf(entry: Entry): string | undefined {
  return inherited(entry, (e) => e.text(Attribute.name));
}

/** What the entry says, or the one that it completes or is a copy of. */
export function inherited<T>(entry: Entry, read: (entry: Entry) => T | undefined): T | undefined {
  let at: Entry | undefined = entry;
  for (let steps = 0; at !== undefined && steps < LONGEST_CHAIN; steps++) {
    const value = read(at);
    if (value !== undefined) return value;
    at = at.reference(Attribute.abstractOrigin) ?? at.reference(Attribute.specification);
  }
  return undefined;
}
/** A copy of a definition of a declaration; the rest is for damage, which can make a circle. */
const LONGEST_CHAIN = 8;

/** The scopes around an address, innermost first: the last is the function itself. Empty where it is in none. */
export function scopesAt(scopes: readonly CodeScope[], address: number): CodeScope[] {
  const around: CodeScope[] = [];
  for (let scope = smallestHolding(scopes, address); scope !== undefined; scope = scope.caller) around.push(scope);
  return around;
}

/** Of equal ones the last, which is the innermost. By size, as a copy's range is not always within its caller's. */
function smallestHolding(scopes: readonly CodeScope[], address: number): CodeScope | undefined {
  let best: CodeScope | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const scope of scopes)
    for (const { low, high } of scope.ranges)
      if (low <= address && address < high && high - low <= least) {
        best = scope;
        least = high - low;
      }
  return best;
}
