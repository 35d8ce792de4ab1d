import { Attribute, Operation, Tag } from './constants.js';
import { damaged } from './cursor.js';
import type { Entry } from './entry.js';
import { inherited, nameOf } from './functions.js';
import { type Type, typeOf } from './types.js';
import type { Units } from './units.js';

/** A variable that has one address for as long as the program runs. */
export interface Variable {
  /** `kmem`, or of one inside a function `forkret::first`. */
  readonly name: string;
  readonly address: number;
  readonly type: Type;
}

/** Where it may be declared, and what may be around that. */
const TAGS: ReadonlySet<number> = new Set([Tag.variable, Tag.subprogram, Tag.lexicalBlock]);
/** Of blocks in each other. */
const DEEPEST = 200;

/** Every static variable, by address. The types are read when they are asked for. */
export function readVariables(units: Units): Variable[] {
  const found: Variable[] = [];
  for (const unit of units.compilations) addVariables(unit.root, '', found, 0);
  return found.sort((a, b) => a.address - b.address);
}

function addVariables(entry: Entry, scope: string, found: Variable[], depth: number): void {
  if (depth > DEEPEST) throw damaged(entry.unit.header.section, `blocks in blocks at byte ${entry.offset}`);
  for (const child of entry.children(TAGS)) {
    if (child.tag === Tag.variable) {
      const address = addressOf(child);
      const name = address === undefined ? undefined : nameOf(child);
      if (address !== undefined && name !== undefined) found.push(new LazyVariable(scope + name, address, child));
    } else if (child.abbreviation.hasChildren) {
      const inner = child.tag === Tag.subprogram ? `${nameOf(child) ?? '?'}::` : scope;
      addVariables(child, inner, found, depth + 1);
    }
  }
}

/** Of a variable whose place is a fixed address and nothing else. */
function addressOf(variable: Entry): number | undefined {
  const place = variable.block(Attribute.location);
  if (place === undefined || place.left === 0) return undefined;
  const operation = place.u8();
  if (operation === Operation.addr)
    return place.left === 8 || place.left === 4 ? place.unsigned(place.left) : undefined;
  return operation === Operation.addrx ? variable.unit.indexedAddress(place.uleb()) : undefined;
}

class LazyVariable implements Variable {
  private known: Type | undefined;

  constructor(
    readonly name: string,
    readonly address: number,
    private readonly entry: Entry,
  ) {}

  get type(): Type {
    this.known ??= inherited(this.entry, (e) => (e.has(Attribute.type) ? typeOf(e) : undefined)) ?? UNKNOWN;
    return this.known;
  }
}
const UNKNOWN: Type = { kind: 'unknown', name: '?', size: 0 };
