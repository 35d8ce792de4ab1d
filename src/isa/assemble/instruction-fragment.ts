import { completeOperands, immediateRange, insert, layouts } from '../formats.js';
import type { Row } from '../row.js';
import { rowNamed, rows } from '../rows.js';
import { AssemblyError } from './assembly-error.js';
import { type Expression, evaluate, type Scope } from './expression.js';
import type { Instruction } from './forms.js';
import { type Fragment, littleEndian } from './fragment.js';

const UPPER_BITS = 20;
const UPPER_SHIFT = 12n;

/** An instruction of one encoding; a 32-bit branch that does not reach becomes the opposite branch around a jump. */
export class InstructionFragment implements Fragment {
  private long = false;

  constructor(
    readonly line: number,
    private readonly instruction: Instruction,
  ) {}

  /** The symbol of a `%pcrel_hi(symbol)` in the immediate, which a `%pcrel_lo` may refer to. */
  get pcrelTarget(): Expression | undefined {
    const { imm } = this.instruction;
    return imm.kind === 'relocation' && imm.part === 'pcrel_hi' ? imm.operand : undefined;
  }

  size(): number {
    return this.instruction.row.size + (this.long ? JAL.size : 0);
  }

  grow(address: bigint, scope: Scope): boolean {
    const { row } = this.instruction;
    const { imm } = layouts[row.format];
    if (this.long || row.format !== 'B' || imm === undefined) return false;
    const distance = this.immediate(address, scope);
    const { least, greatest } = immediateRange(imm);
    this.long = distance < least || distance > greatest;
    return this.long;
  }

  emit(address: bigint, scope: Scope): Uint8Array {
    const distance = this.immediate(address, scope);
    const { row } = this.instruction;
    if (!this.long) return littleEndian(BigInt(this.encode(row, distance)), row.size);
    const over = BigInt(row.size + JAL.size);
    const around = BigInt(this.encode(opposite(row), over));
    const jump = BigInt(this.encode(JAL, distance - BigInt(row.size), { rd: 0 }));
    return littleEndian((jump << 32n) | around, Number(over));
  }

  /** The operand as the encoding holds it. */
  private immediate(address: bigint, scope: Scope): bigint {
    const value = evaluate(this.instruction.imm, scope);
    switch (this.instruction.immediate) {
      case 'target':
        return BigInt.asIntN(64, value - address);
      case 'upper':
        return this.upper(value);
      case 'value':
        // A mask such as 0xfffffffffffffff0 is the same 64 bits as -16.
        return value >= 1n << 63n && value < 1n << 64n ? BigInt.asIntN(64, value) : value;
    }
  }

  private upper(value: bigint): bigint {
    if (value < -(1n << BigInt(UPPER_BITS - 1)) || value >= 1n << BigInt(UPPER_BITS)) {
      throw new AssemblyError(this.line, `${value} is outside 0 to 0xfffff; take %hi of an address`);
    }
    return BigInt.asIntN(UPPER_BITS, value) << UPPER_SHIFT;
  }

  private encode(row: Row, imm: bigint, registers = this.instruction.registers): number {
    const layout = layouts[row.format];
    try {
      const operands = completeOperands(layout, { ...registers, imm });
      for (const { operand, not } of row.legal) {
        if (Number(operands[operand]) === not) throw new RangeError(`${operand} must not be ${not}; leave out the c.`);
      }
      return (row.match | insert(layout, operands)) >>> 0;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new AssemblyError(this.line, `${row.name}: ${error.message}${this.advice(row)}`);
    }
  }

  private advice(row: Row): string {
    if (this.instruction.immediate !== 'target') return '';
    return row.size === 2 ? '; leave out the c. to reach further' : '; use `call` or `tail` to reach further';
  }
}

const JAL = rowNamed('jal');

/** Bit 12 of a conditional branch negates its condition: beq and bne, blt and bge, bltu and bgeu. */
const NEGATES = 1 << 12;

function opposite(branch: Row): Row {
  const row = rows.find(({ format, match }) => format === branch.format && match === (branch.match ^ NEGATES));
  if (row === undefined) throw new Error(`${branch.name} has no opposite`);
  return row;
}
