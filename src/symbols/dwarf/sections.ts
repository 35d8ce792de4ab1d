import type { ElfReader } from '../elf-reader.js';
import { type ElfSection, sectionBytes } from '../elf-sections.js';
import { Cursor, damaged } from './cursor.js';

const NAMES = [
  ...['.debug_info', '.debug_types', '.debug_abbrev', '.debug_str', '.debug_str_offsets', '.debug_line'],
  ...['.debug_line_str', '.debug_ranges', '.debug_rnglists', '.debug_addr', '.debug_frame', '.eh_frame'],
] as const;
export type SectionName = (typeof NAMES)[number];

/** The sections with debug information, read when they are first asked for. */
export class DebugSections {
  private readonly bytes = new Map<SectionName, Uint8Array>();

  constructor(
    private readonly file: ElfReader,
    private readonly sections: readonly ElfSection[],
  ) {}

  has(name: SectionName): boolean {
    return this.sections.some((section) => section.name === name);
  }

  /** Where the section lies in memory, if it is loaded. */
  address(name: SectionName): number {
    return this.sections.find((section) => section.name === name)?.address ?? 0;
  }

  /** At the offset; throws `ElfError` when the section is missing or shorter. */
  at(name: SectionName, offset: number): Cursor {
    const bytes = this.read(name);
    if (offset > bytes.length) throw damaged(name, `it has ${bytes.length} bytes, and byte ${offset} is asked for`);
    return new Cursor(bytes, name, offset);
  }

  private read(name: SectionName): Uint8Array {
    const known = this.bytes.get(name);
    if (known !== undefined) return known;
    const section = this.sections.find((s) => s.name === name);
    if (section === undefined) throw damaged(name, 'it is missing');
    const bytes = sectionBytes(this.file, section);
    this.bytes.set(name, bytes);
    return bytes;
  }
}
