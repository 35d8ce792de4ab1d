import type { Abbreviation } from './abbreviations.js';
import { Attribute, Form } from './constants.js';
import { Cursor, damaged } from './cursor.js';
import { directForm, isBlock, readBlock, readRaw, skipForm } from './forms.js';
import type { Unit } from './unit.js';

/** A function, variable, type … as the compiler described it (DWARF 5, §2.1): its attributes are decoded when they are asked for. */
export class Entry {
  constructor(
    readonly unit: Unit,
    /** In the unit's section. */
    readonly offset: number,
    readonly abbreviation: Abbreviation,
    private readonly forms: readonly number[],
    private readonly raws: readonly number[],
    /** Offset of what follows: the first child, if it has any. */
    readonly next: number,
  ) {}

  get tag(): number {
    return this.abbreviation.tag;
  }

  has(name: number): boolean {
    return this.indexOf(name) >= 0;
  }

  /** A constant, a flag or an offset in a section. */
  number(name: number): number | undefined {
    const i = this.indexOf(name);
    return i < 0 || isBlock(this.forms[i]!) ? undefined : this.raws[i];
  }

  text(name: number): string | undefined {
    const i = this.indexOf(name);
    if (i < 0) return undefined;
    const raw = this.raws[i]!;
    const { sections } = this.unit;
    switch (this.forms[i]) {
      case Form.string:
        return this.bytesAt(raw).text();
      case Form.strp:
        return sections.at('.debug_str', raw).text();
      case Form.lineStrp:
        return sections.at('.debug_line_str', raw).text();
      case Form.strx:
      case Form.strx1:
      case Form.strx2:
      case Form.strx3:
      case Form.strx4:
        return this.unit.indexedText(raw);
      default:
        // In another file, which nobody gave us, or no text at all.
        return undefined;
    }
  }

  /** undefined where the attribute is missing or no address. */
  address(name: number): number | undefined {
    const i = this.indexOf(name);
    if (i < 0) return undefined;
    const form = this.forms[i]!;
    if (form === Form.addr) return this.raws[i];
    const isIndex = form === Form.addrx || (form >= Form.addrx1 && form <= Form.addrx4);
    return isIndex ? this.unit.indexedAddress(this.raws[i]!) : undefined;
  }

  /** An expression or other bytes. */
  block(name: number): Cursor | undefined {
    const i = this.indexOf(name);
    if (i < 0 || !isBlock(this.forms[i]!)) return undefined;
    return readBlock(this.bytesAt(this.raws[i]!), this.forms[i]!);
  }

  /** Of ranges: whether it is an index into the unit's lists rather than an offset. */
  isListIndex(name: number): boolean {
    return this.forms[this.indexOf(name)] === Form.rnglistx;
  }

  /** The entry that this one refers to; undefined where it refers to none, or to one in another file. */
  reference(name: number): Entry | undefined {
    const i = this.indexOf(name);
    if (i < 0) return undefined;
    const raw = this.raws[i]!;
    const { unit } = this;
    const { header, others } = unit;
    switch (this.forms[i]) {
      case Form.ref1:
      case Form.ref2:
      case Form.ref4:
      case Form.ref8:
      case Form.refUdata:
        return readEntry(unit, header.start + raw);
      case Form.refAddr: {
        const holder = others.holding(raw);
        return holder === undefined ? undefined : readEntry(holder, raw);
      }
      case Form.refSig8: {
        const type = others.ofType(String(raw));
        return type === undefined ? undefined : readEntry(type, type.header.start + (type.header.typeOffset ?? 0));
      }
      default:
        return undefined;
    }
  }

  /** Those directly below, of the given tags or all. */
  children(tags?: ReadonlySet<number>): Entry[] {
    return this.abbreviation.hasChildren ? readChildren(this.unit, this.next, tags) : [];
  }

  private indexOf(name: number): number {
    const { attributes } = this.abbreviation;
    for (let i = 0; i < attributes.length; i++) if (attributes[i]!.name === name) return i;
    return -1;
  }

  private bytesAt(offset: number): Cursor {
    return cursorAt(this.unit, offset);
  }
}

function cursorAt({ header, sections }: Unit, offset: number): Cursor {
  if (offset < header.entries || offset >= header.end)
    throw damaged(header.section, `something refers to byte ${offset}, outside its unit`);
  const { bytes, section } = sections.at(header.section, offset);
  return new Cursor(bytes, section, offset, header.end);
}

/** undefined for the mark that ends a list of children. */
export function readEntry(unit: Unit, offset: number): Entry | undefined {
  const cursor = cursorAt(unit, offset);
  const abbreviation = readCode(unit, cursor);
  return abbreviation === undefined ? undefined : readAttributes(unit, cursor, offset, abbreviation);
}

function readCode(unit: Unit, cursor: Cursor): Abbreviation | undefined {
  const start = cursor.at;
  const code = cursor.uleb();
  if (code === 0) return undefined;
  const abbreviation = unit.header.abbreviations.get(code);
  if (abbreviation === undefined) throw damaged(cursor.section, `abbreviation ${code} at byte ${start} is unknown`);
  return abbreviation;
}

function readAttributes(unit: Unit, cursor: Cursor, offset: number, abbreviation: Abbreviation): Entry {
  const forms: number[] = [];
  const raws: number[] = [];
  for (const { form, implicit } of abbreviation.attributes) {
    const direct = form === Form.indirect ? directForm(cursor) : form;
    forms.push(direct);
    raws.push(readRaw(cursor, direct, unit.header, implicit));
  }
  return new Entry(unit, offset, abbreviation, forms, raws, cursor.at);
}

/** Goes past the attributes; the offset of the next sibling where the entry says it. */
function skipAttributes(unit: Unit, cursor: Cursor, abbreviation: Abbreviation): number | undefined {
  if (!abbreviation.hasChildren && abbreviation.size !== undefined) {
    cursor.skip(abbreviation.size);
    return undefined;
  }
  let sibling: number | undefined;
  for (const { name, form, implicit } of abbreviation.attributes) {
    if (name === Attribute.sibling && form !== Form.indirect)
      sibling = unit.header.start + readRaw(cursor, form, unit.header, implicit);
    else skipForm(cursor, form, unit.header);
  }
  return sibling;
}

function readChildren(unit: Unit, from: number, tags: ReadonlySet<number> | undefined): Entry[] {
  const children: Entry[] = [];
  const cursor = cursorAt(unit, from);
  let depth = 1;
  while (depth > 0) {
    // A unit may end without the marks that close its last lists.
    if (cursor.left === 0) return children;
    const start = cursor.at;
    const abbreviation = readCode(unit, cursor);
    if (abbreviation === undefined) {
      depth--;
      continue;
    }
    let sibling: number | undefined;
    if (depth === 1 && (tags === undefined || tags.has(abbreviation.tag))) {
      const entry = readAttributes(unit, cursor, start, abbreviation);
      children.push(entry);
      const relative = entry.number(Attribute.sibling);
      sibling = relative === undefined ? undefined : unit.header.start + relative;
    } else sibling = skipAttributes(unit, cursor, abbreviation);
    if (!abbreviation.hasChildren) continue;
    if (sibling !== undefined && sibling > cursor.at && sibling <= cursor.end) cursor.at = sibling;
    else depth++;
  }
  return children;
}
