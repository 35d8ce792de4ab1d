import { layouts } from './formats.js';
import type { Operand, Row } from './row.js';
import { atomicRows } from './rows/atomic.js';
import { baseRows, fenceIRows } from './rows/base.js';
import { compressedRows } from './rows/compressed.js';
import { csrRows } from './rows/csr.js';
import { multiplyRows } from './rows/multiply.js';
import { systemRows } from './rows/system.js';
import type { Meaning } from './vocabulary.js';

/** Every instruction of the machine, each encoding in at most one row. The order is stable: engines number handlers by it. */
export const rows: readonly Row[] = [
  ...baseRows,
  ...fenceIRows,
  ...multiplyRows,
  ...atomicRows,
  ...csrRows,
  ...systemRows,
  ...compressedRows,
];

const byName: ReadonlyMap<string, Row> = new Map(rows.map((row) => [row.name, row]));
if (byName.size !== rows.length) throw new Error('two rows have the same name');
for (const row of rows) checkExpansion(row);

/** The row with this mnemonic, if there is one. */
export function findRow(name: string): Row | undefined {
  return byName.get(name);
}

/** The row with this mnemonic; throws when there is none. */
export function rowNamed(name: string): Row {
  const row = byName.get(name);
  if (row === undefined) throw new Error(`there is no instruction ${name}`);
  return row;
}

/** The row that holds the meaning: the row itself, or the one that a compressed row stands for. */
export function baseOf(row: Row): Row {
  return row.expandsTo === undefined ? row : rowNamed(row.expandsTo);
}

/** What the row does, on the operands that its own format extracts. */
export function meaningOf(row: Row): Meaning {
  const { meaning } = baseOf(row);
  if (meaning === undefined) throw new Error(`${row.name} has no meaning`);
  return meaning;
}

/** A compressed row must stand for a 32-bit row and supply its operands; a missing immediate is 0. */
function checkExpansion(row: Row): void {
  const base = baseOf(row);
  if (base.expandsTo !== undefined) throw new Error(`${row.name} expands to ${base.name}, which expands itself`);
  const own = layouts[row.format];
  const needed = layouts[base.format];
  for (const operand of ['rd', 'rs1', 'rs2', 'imm'] satisfies Operand[]) {
    const supplied = own[operand] !== undefined;
    const wanted = needed[operand] !== undefined;
    if (supplied && !wanted) throw new Error(`${row.name} encodes ${operand}, which ${base.name} does not have`);
    if (wanted && !supplied && operand !== 'imm') throw new Error(`${row.name} lacks ${operand} of ${base.name}`);
  }
}
