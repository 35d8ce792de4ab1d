import { decode } from './decode.js';
import { csrInstructions } from './rows/csr.js';
import type { CsrOperation, CsrSource } from './vocabulary.js';

/** What one encoding of a Zicsr instruction asks for (Unprivileged ISA, table "Conditions determining whether a CSR instruction reads or writes"). */
export interface CsrAccess {
  /** The CSR's twelve-bit address. */
  readonly number: number;
  readonly operation: CsrOperation;
  readonly source: CsrSource;
  /** Number of the source register, or the five-bit immediate itself. */
  readonly operand: number;
  /** Destination register; 0 when nothing is kept. */
  readonly rd: number;
  /** False: the CSR is not read at all, and reading causes no side effect. */
  readonly reads: boolean;
  /** False: the CSR is not written at all, so that a read-only CSR does not trap. */
  readonly writes: boolean;
}

/** `word`: the instruction's encoding. Undefined when it is no Zicsr instruction. */
export function decodeCsrAccess(word: number): CsrAccess | undefined {
  const decoded = decode(word);
  const instruction = csrInstructions.find(({ name }) => name === decoded?.row.name);
  if (decoded === undefined || instruction === undefined) return undefined;
  const { operation, source } = instruction;
  const { rd, rs1, imm } = decoded.operands;
  return {
    number: Number(imm),
    operation,
    source,
    operand: rs1,
    rd,
    reads: operation !== 'write' || rd !== 0,
    writes: operation === 'write' || rs1 !== 0,
  };
}
