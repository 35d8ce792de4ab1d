import { belongsTo } from '../../src/isa/decode.js';
import { completeOperands, immediateRange, insert, layouts } from '../../src/isa/formats.js';
import type { Operands, Row } from '../../src/isa/row.js';

const registers = ['rd', 'rs1', 'rs2'] as const;

/**
 * Encodings of a row at the edges of what its format can hold: each operand in turn takes every edge value (least,
 * greatest, one step from zero, each bit alone) while the others keep a middle one. Illegal combinations are left out.
 */
export function edgeEncodings(row: Row): number[] {
  const layout = layouts[row.format];
  const edges = new Map<keyof Operands, (number | bigint)[]>();
  for (const operand of registers) {
    const field = layout[operand];
    if (field?.width)
      edges.set(
        operand,
        Array.from({ length: 2 ** field.width }, (_, code) => code + field.add),
      );
  }
  if (layout.imm !== undefined) {
    const { least, greatest } = immediateRange(layout.imm);
    const step = BigInt(layout.imm.scale);
    const bits = layout.imm.pieces.flatMap(({ shift, width }) =>
      Array.from({ length: width }, (_, index) => 1n << BigInt(shift + index)),
    );
    const values = [least, least + step, -step, 0n, step, greatest, ...bits];
    edges.set(
      'imm',
      values.filter((value) => value >= least && value <= greatest),
    );
  }
  const middle = Object.fromEntries([...edges].map(([operand, values]) => [operand, values[values.length >> 1]]));
  const words = new Set<number>();
  for (const [operand, values] of edges) {
    for (const value of values) words.add(encode(row, { ...middle, [operand]: value }));
  }
  if (edges.size === 0) words.add(row.match >>> 0);
  return [...words].filter((word) => belongsTo(row, word));
}

/** Registers that share a field follow rd. */
function encode(row: Row, operands: Partial<Operands>): number {
  const layout = layouts[row.format];
  const given = { ...operands };
  if (given.rd !== undefined && layout.rd?.lo === layout.rs1?.lo) delete given.rs1;
  return (row.match | insert(layout, completeOperands(layout, given))) >>> 0;
}
