import { DebugSections } from '../../src/symbols/dwarf/sections.js';
import { ElfReader } from '../../src/symbols/elf-reader.js';
import { readSections } from '../../src/symbols/elf-sections.js';

/** Of an ELF file. */
export function debugSections(bytes: Uint8Array): DebugSections {
  const file = new ElfReader(bytes);
  return new DebugSections(file, readSections(file));
}
