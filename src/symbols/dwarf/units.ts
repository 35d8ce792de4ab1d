import { type AbbreviationTable, readAbbreviations } from './abbreviations.js';
import { UnitType } from './constants.js';
import { type Cursor, damaged } from './cursor.js';
import type { DebugSections, SectionName } from './sections.js';
import { type OtherUnits, Unit, type UnitFormat, type UnitHeader } from './unit.js';

/** Every unit of the file; made when it is first asked for, from the headers and first entries alone. */
export class Units implements OtherUnits {
  private readonly abbreviations = new Map<string, AbbreviationTable>();
  private readonly types = new Map<string, Unit>();
  /** Those that hold code and variables, in the order of the section. */
  readonly compilations: readonly Unit[];
  private readonly info: readonly Unit[];

  constructor(private readonly sections: DebugSections) {
    this.info = this.read('.debug_info');
    const typeUnits = [...this.info, ...this.read('.debug_types')].filter((unit) => unit.header.signature);
    for (const unit of typeUnits) this.types.set(unit.header.signature ?? '', unit);
    this.compilations = this.info.filter((unit) => unit.header.signature === undefined);
  }

  holding(offset: number): Unit | undefined {
    return this.info.find(({ header }) => header.start <= offset && offset < header.end);
  }

  ofType(signature: string): Unit | undefined {
    return this.types.get(signature);
  }

  private read(section: SectionName): Unit[] {
    if (!this.sections.has(section)) return [];
    const units: Unit[] = [];
    const cursor = this.sections.at(section, 0);
    while (cursor.left > 0) {
      const header = this.readHeader(cursor, section);
      if (header.entries < header.end) units.push(new Unit(header, this.sections, this));
      cursor.at = header.end;
    }
    return units;
  }

  private readHeader(cursor: Cursor, section: SectionName): UnitHeader {
    const start = cursor.at;
    const { length, offsetSize } = cursor.initialLength();
    const body = cursor.take(length);
    const version = body.u16();
    if (version < 2 || version > 5)
      throw damaged(section, `the unit at byte ${start} is of DWARF version ${version}, and this reads 2 to 5`);
    const type = version >= 5 ? body.u8() : section === '.debug_types' ? UnitType.type : UnitType.compile;
    let addressSize = version >= 5 ? body.u8() : 0;
    const offset = body.unsigned(offsetSize);
    if (version < 5) addressSize = body.u8();
    if (addressSize !== 4 && addressSize !== 8)
      throw damaged(section, `the unit at byte ${start} has addresses of ${addressSize} bytes`);
    const format: UnitFormat = { version, addressSize, offsetSize };
    const abbreviations = this.abbreviationsAt(offset, format);
    const whole = { ...format, section, start, end: body.end, abbreviations };
    if (type === UnitType.type || type === UnitType.splitType) {
      const signature = String(body.u64());
      const typeOffset = body.unsigned(offsetSize);
      return { ...whole, entries: body.at, signature, typeOffset };
    }
    if (type === UnitType.skeleton || type === UnitType.splitCompile) body.skip(8);
    return { ...whole, entries: body.at };
  }

  private abbreviationsAt(offset: number, format: UnitFormat): AbbreviationTable {
    const key = `${offset} ${format.version} ${format.addressSize} ${format.offsetSize}`;
    const known = this.abbreviations.get(key);
    if (known !== undefined) return known;
    const table = readAbbreviations(this.sections, offset, format);
    this.abbreviations.set(key, table);
    return table;
  }
}
