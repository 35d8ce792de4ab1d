import { Form } from './constants.js';
import { type Cursor, damaged } from './cursor.js';
import { fixedSize } from './forms.js';
import type { DebugSections } from './sections.js';
import type { UnitFormat } from './unit.js';

export interface AttributeSpec {
  readonly name: number;
  readonly form: number;
  /** Value of the form that has it here. */
  readonly implicit: number;
}

/** What all entries with one code have in common (DWARF 5, §7.5.3). */
export interface Abbreviation {
  readonly tag: number;
  readonly hasChildren: boolean;
  readonly attributes: readonly AttributeSpec[];
  /** Bytes of all attributes together; undefined when it depends on the entry. */
  readonly size: number | undefined;
}

export type AbbreviationTable = ReadonlyMap<number, Abbreviation>;

/** The table at an offset of .debug_abbrev, for units of one format. */
export function readAbbreviations(sections: DebugSections, offset: number, format: UnitFormat): AbbreviationTable {
  const cursor = sections.at('.debug_abbrev', offset);
  const table = new Map<number, Abbreviation>();
  for (;;) {
    const code = cursor.uleb();
    if (code === 0) return table;
    const tag = cursor.uleb();
    const hasChildren = cursor.u8() !== 0;
    const attributes = readAttributes(cursor);
    table.set(code, { tag, hasChildren, attributes, size: sizeOf(attributes, format) });
  }
}

function readAttributes(cursor: Cursor): AttributeSpec[] {
  const attributes: AttributeSpec[] = [];
  for (;;) {
    const name = cursor.uleb();
    const form = cursor.uleb();
    if (name === 0 && form === 0) return attributes;
    attributes.push({ name, form, implicit: form === Form.implicitConst ? cursor.sleb() : 0 });
    if (attributes.length > MOST_ATTRIBUTES) throw damaged(cursor.section, 'an abbreviation does not end');
  }
}
/** Compilers give an entry about twenty. */
const MOST_ATTRIBUTES = 1000;

function sizeOf(attributes: readonly AttributeSpec[], format: UnitFormat): number | undefined {
  let sum = 0;
  for (const { form } of attributes) {
    const size = fixedSize(form, format);
    if (size === undefined) return undefined;
    sum += size;
  }
  return sum;
}
