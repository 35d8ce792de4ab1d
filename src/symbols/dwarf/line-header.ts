import { Form } from './constants.js';
import { type Cursor, damaged } from './cursor.js';
import { directForm, readBlock, readRaw } from './forms.js';
import type { DebugSections } from './sections.js';
import type { UnitFormat } from './unit.js';

/** A source file as the line table names it. */
export interface FileName {
  readonly directory: string;
  readonly name: string;
}

/** What stands in front of a line number program (DWARF 5, §6.2.4). */
export interface LineHeader {
  readonly version: number;
  readonly addressSize: number;
  readonly instructionLength: number;
  readonly lineBase: number;
  readonly lineRange: number;
  readonly firstSpecial: number;
  /** Operands of the standard opcodes, by opcode. */
  readonly operands: readonly number[];
  /** By number; before DWARF 5 the first is number 1. */
  readonly files: ReadonlyMap<number, FileName>;
  /** The program itself. */
  readonly program: Cursor;
}

/** DW_LNCT: what a field of a file or directory holds. */
const Content = { path: 1, directoryIndex: 2 } as const;

/**
 * @param offset of the table in .debug_line
 * @param compilationDirectory number 0 of the directories before DWARF 5
 */
export function readLineHeader(
  sections: DebugSections,
  offset: number,
  addressSize: number,
  compilationDirectory: string,
): LineHeader {
  const whole = sections.at('.debug_line', offset);
  const { length, offsetSize } = whole.initialLength();
  const body = whole.take(length);
  const version = body.u16();
  if (version < 2 || version > 5)
    throw damaged('.debug_line', `the table at byte ${offset} is of version ${version}, and this reads 2 to 5`);
  const ownAddressSize = version >= 5 ? body.u8() : addressSize;
  if (version >= 5 && body.u8() !== 0) throw damaged('.debug_line', `the table at byte ${offset} has segments`);
  const header = body.take(body.unsigned(offsetSize));
  const instructionLength = header.u8();
  // Operations in one instruction, of VLIW machines.
  if (version >= 4) header.u8();
  // Whether statements begin here: for debuggers that set breakpoints.
  header.u8();
  const lineBase = header.i8();
  const lineRange = header.u8();
  if (lineRange === 0) throw damaged('.debug_line', `the table at byte ${offset} has a line range of 0`);
  const firstSpecial = header.u8();
  const operands = [0, ...Array.from({ length: Math.max(0, firstSpecial - 1) }, () => header.u8())];
  const format = { version, addressSize: ownAddressSize, offsetSize };
  const files = version >= 5 ? readFiles(sections, header, format) : readOldFiles(header, compilationDirectory);
  return {
    version,
    addressSize: ownAddressSize,
    instructionLength,
    lineBase,
    lineRange,
    firstSpecial,
    operands,
    files,
    program: body,
  };
}

function readOldFiles(header: Cursor, compilationDirectory: string): Map<number, FileName> {
  const directories = [compilationDirectory];
  for (let name = header.text(); name !== ''; name = header.text()) directories.push(name);
  const files = new Map<number, FileName>();
  for (let name = header.text(); name !== ''; name = header.text()) {
    const directory = directories[header.uleb()] ?? '';
    // Time and length of the file.
    header.uleb();
    header.uleb();
    files.set(files.size + 1, { directory, name });
  }
  return files;
}

function readFiles(sections: DebugSections, header: Cursor, format: UnitFormat): Map<number, FileName> {
  const directories = readNames(sections, header, format).map(({ name }) => name);
  return new Map(
    readNames(sections, header, format).map(({ name, directory }, i) => [
      i,
      { directory: directories[directory] ?? '', name },
    ]),
  );
}

/** A list of directories or files, in the format that stands in front of it. */
function readNames(sections: DebugSections, header: Cursor, format: UnitFormat): { name: string; directory: number }[] {
  const fields = Array.from({ length: header.u8() }, () => ({ content: header.uleb(), form: header.uleb() }));
  const count = header.uleb();
  // Every one has a name, which takes at least a byte.
  if (count > header.left) throw damaged(header.section, `a list of ${count} files before byte ${header.at}`);
  const names: { name: string; directory: number }[] = [];
  for (let i = 0; i < count; i++) {
    const entry = { name: '', directory: 0 };
    for (const { content, form } of fields) {
      if (content === Content.path) entry.name = readPath(sections, header, form, format);
      else {
        const value = readField(header, form, format);
        if (content === Content.directoryIndex) entry.directory = value;
      }
    }
    names.push(entry);
  }
  return names;
}

function readPath(sections: DebugSections, header: Cursor, form: number, format: UnitFormat): string {
  if (form === Form.string) return header.text();
  if (form === Form.lineStrp) return sections.at('.debug_line_str', header.unsigned(format.offsetSize)).text();
  if (form === Form.strp) return sections.at('.debug_str', header.unsigned(format.offsetSize)).text();
  throw damaged(header.section, `a file's name in form 0x${form.toString(16)} before byte ${header.at}`);
}

function readField(header: Cursor, form: number, format: UnitFormat): number {
  if (form === Form.block) return readBlock(header, form).at;
  return readRaw(header, form === Form.indirect ? directForm(header) : form, format, 0);
}
