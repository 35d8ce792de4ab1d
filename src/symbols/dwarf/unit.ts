import type { AbbreviationTable } from './abbreviations.js';
import { Attribute } from './constants.js';
import { damaged } from './cursor.js';
import { type Entry, readEntry } from './entry.js';
import type { DebugSections, SectionName } from './sections.js';

/** By which the size of a value follows from its form. */
export interface UnitFormat {
  readonly version: number;
  readonly addressSize: number;
  readonly offsetSize: 4 | 8;
}

export interface UnitHeader extends UnitFormat {
  readonly section: SectionName;
  /** Offset of the header in the section: references are relative to it. */
  readonly start: number;
  /** Offset of the first entry. */
  readonly entries: number;
  /** Offset past the last. */
  readonly end: number;
  readonly abbreviations: AbbreviationTable;
  /** Of a type unit: by which others refer to its type, and where in the unit that stands. */
  readonly signature?: string;
  readonly typeOffset?: number;
}

/** Where references lead that leave their unit. */
export interface OtherUnits {
  holding(offset: number): Unit | undefined;
  ofType(signature: string): Unit | undefined;
}

/** What one compilation left in .debug_info, or one type in .debug_types (DWARF 5, §7.5.1). */
export class Unit {
  private readonly firstEntry: Entry;

  constructor(
    readonly header: UnitHeader,
    readonly sections: DebugSections,
    readonly others: OtherUnits,
  ) {
    const root = readEntry(this, header.entries);
    if (root === undefined) throw damaged(header.section, `the unit at byte ${header.start} is empty`);
    this.firstEntry = root;
  }

  /** The compilation itself. */
  get root(): Entry {
    return this.firstEntry;
  }

  /** Text number `index` of the unit (DWARF 5, §7.26). */
  indexedText(index: number): string {
    const { offsetSize } = this.header;
    const base = this.root.number(Attribute.stringOffsetsBase) ?? 2 * offsetSize;
    const offset = this.sections.at('.debug_str_offsets', base + index * offsetSize).unsigned(offsetSize);
    return this.sections.at('.debug_str', offset).text();
  }

  /** Address number `index` of the unit (DWARF 5, §7.27). */
  indexedAddress(index: number): number {
    const { addressSize } = this.header;
    const base = this.root.number(Attribute.addressBase) ?? 8;
    return this.sections.at('.debug_addr', base + index * addressSize).unsigned(addressSize);
  }
}
