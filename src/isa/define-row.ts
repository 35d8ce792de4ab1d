import { layouts, operandBits } from './formats.js';
import type { Condition, Extension, Format, Row, Syntax } from './row.js';
import type { Meaning } from './vocabulary.js';

const SIZE_MASK = { 2: 0xffff, 4: 0xffffffff } as const;

/** Every encoding with both low bits set is 32 bits wide (Unprivileged ISA, "Expanded Instruction-Length Encoding"). */
const LENGTH_MASK = 0b11;

/** Throws an Error that names the row when `match` and `format` do not fit together. */
function encoding(name: string, format: Format, match: number): Pick<Row, 'format' | 'size' | 'mask' | 'match'> {
  const layout = layouts[format];
  const mask = SIZE_MASK[layout.size] & ~operandBits(layout) & ~(layout.ignored ?? 0);
  if ((match & ~mask) !== 0) throw new Error(`${name}: the match has bits where format ${format} keeps operands`);
  if (((match & LENGTH_MASK) === LENGTH_MASK) !== (layout.size === 4)) {
    throw new Error(`${name}: the match's low bits say another length than format ${format}`);
  }
  return { format, size: layout.size, mask, match: match | 0 };
}

/** Each operand that the text shows must be in the encoding, or assembling would have nowhere to put it. */
function checkSyntax(name: string, format: Format, syntax: readonly Syntax[]): void {
  const layout = layouts[format];
  for (const part of syntax) {
    const needsRs1 = part.includes('rs1') || part === 'zimm';
    const needsImmediate = part !== 'rd' && part !== 'rs2' && part !== 'rs1' && part !== '(rs1)' && part !== 'zimm';
    const missing =
      (part === 'rd' && layout.rd === undefined) ||
      (part === 'rs2' && layout.rs2 === undefined) ||
      (needsRs1 && layout.rs1 === undefined) ||
      (needsImmediate && layout.imm === undefined);
    if (missing) throw new Error(`${name}: the syntax shows ${part}, which format ${format} does not encode`);
  }
}

/** A row of an extension with 32-bit encodings. Returns a function so that a file of rows names its extension once. */
export function rowsOf(extension: Extension) {
  return (name: string, format: Format, match: number, syntax: readonly Syntax[], meaning: Meaning): Row => {
    checkSyntax(name, format, syntax);
    const row: Row = { name, extension, ...encoding(name, format, match), legal: [], syntax, meaning };
    if (row.size !== 4) throw new Error(`${name}: format ${format} is compressed; say which row it expands to`);
    return row;
  };
}

/** A 16-bit row, which stands for the row named `expandsTo`. */
export function compressedRow(
  name: string,
  format: Format,
  match: number,
  syntax: readonly Syntax[],
  expandsTo: string,
  legal: readonly Condition[] = [],
): Row {
  checkSyntax(name, format, syntax);
  for (const { operand } of legal) {
    if (layouts[format][operand] === undefined) throw new Error(`${name}: a condition on ${operand}, which is absent`);
  }
  const row: Row = { name, extension: 'C', ...encoding(name, format, match), legal, syntax, expandsTo };
  if (row.size !== 2) throw new Error(`${name}: format ${format} is not compressed`);
  return row;
}
