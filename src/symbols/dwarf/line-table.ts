import { lastAtOrBelow } from '../last-at-or-below.js';
import type { Cursor } from './cursor.js';
import type { FileName, LineHeader } from './line-header.js';

/** Code in one piece with the lines that it comes from: row i from `addresses[i]` up to the next. */
interface Sequence {
  readonly low: number;
  readonly high: number;
  readonly addresses: readonly number[];
  readonly files: readonly number[];
  readonly lines: readonly number[];
}

/** Opcodes (DWARF 5, §6.2.5); those that are not named here change nothing that we look at. */
const Standard = {
  extended: 0,
  copy: 1,
  advancePc: 2,
  advanceLine: 3,
  setFile: 4,
  addConstantPc: 8,
  fixedAdvancePc: 9,
} as const;
const Extended = { endSequence: 1, setAddress: 2, defineFile: 3 } as const;

export interface FileLine {
  readonly file: FileName;
  /** From 1; 0 where the code comes from no line. */
  readonly line: number;
}

/** Which line an instruction comes from: what a line number program comes to. */
export class LineTable {
  private readonly sequences: Sequence[];
  private readonly files: Map<number, FileName>;

  constructor(header: LineHeader) {
    this.files = new Map(header.files);
    this.sequences = runProgram(header, this.files);
  }

  /** undefined where the table does not know the address. */
  at(address: number): FileLine | undefined {
    const sequence = this.sequences.find(({ low, high }) => low <= address && address < high);
    if (sequence === undefined) return undefined;
    // Of several rows at one address the last counts.
    const row = lastAtOrBelow(sequence.addresses, address, (start) => start);
    const file = this.file(sequence.files[row] ?? 0);
    return file === undefined ? undefined : { file, line: sequence.lines[row] ?? 0 };
  }

  /** File `number`, as entries of .debug_info name it too. */
  file(number: number): FileName | undefined {
    return this.files.get(number);
  }
}

function runProgram(header: LineHeader, files: Map<number, FileName>): Sequence[] {
  const { program, lineBase, lineRange, firstSpecial, instructionLength, operands } = header;
  const sequences: Sequence[] = [];
  let rows = new Rows();
  let address = 0;
  let file = 1;
  let line = 1;

  const extended = (): void => {
    const body: Cursor = program.take(program.uleb());
    if (body.left === 0) return;
    const opcode = body.u8();
    if (opcode === Extended.setAddress) address = body.unsigned(body.left);
    else if (opcode === Extended.defineFile) files.set(files.size + 1, { name: body.text(), directory: '' });
    else if (opcode === Extended.endSequence) {
      const sequence = rows.upTo(address);
      if (sequence !== undefined) sequences.push(sequence);
      rows = new Rows();
      address = 0;
      file = 1;
      line = 1;
    }
  };

  while (program.left > 0) {
    const opcode = program.u8();
    if (opcode >= firstSpecial) {
      const adjusted = opcode - firstSpecial;
      address += Math.floor(adjusted / lineRange) * instructionLength;
      line += lineBase + (adjusted % lineRange);
      rows.add(address, file, line);
    } else if (opcode === Standard.extended) extended();
    else if (opcode === Standard.copy) rows.add(address, file, line);
    else if (opcode === Standard.advancePc) address += program.uleb() * instructionLength;
    else if (opcode === Standard.advanceLine) line += program.sleb();
    else if (opcode === Standard.setFile) file = program.uleb();
    else if (opcode === Standard.addConstantPc)
      address += Math.floor((255 - firstSpecial) / lineRange) * instructionLength;
    else if (opcode === Standard.fixedAdvancePc) address += program.u16();
    else for (let n = operands[opcode] ?? 0; n > 0; n--) program.uleb();
  }
  return sequences.sort((a, b) => a.low - b.low);
}

class Rows {
  private readonly rows: { address: number; file: number; line: number }[] = [];

  add(address: number, file: number, line: number): void {
    this.rows.push({ address, file, line });
  }

  upTo(high: number): Sequence | undefined {
    // In order already, unless a linker moved code about; of equal ones the order stays.
    const rows = this.rows.sort((a, b) => a.address - b.address);
    const low = rows[0]?.address;
    if (low === undefined || high <= low) return undefined;
    return {
      low,
      high,
      addresses: rows.map((row) => row.address),
      files: rows.map((row) => row.file),
      lines: rows.map((row) => row.line),
    };
  }
}
