import type { Meaning } from './vocabulary.js';

/**
 * One row per instruction: everything else (decoder, assembler, disassembler, interpreter, translator) derives from it.
 */
export interface Row {
  /** The manual's mnemonic: `addi`, `amoadd.w`, `c.lwsp`. */
  readonly name: string;
  /** Unprivileged ISA extension or the privileged architecture. */
  readonly extension: Extension;
  readonly format: Format;
  /** Bytes: 2 for compressed encodings. */
  readonly size: 2 | 4;
  /**
   * An encoding belongs to the row when `(word & mask) === match` and every condition of `legal` holds. Both are signed
   * 32-bit integers. The mask is whatever the format leaves over: all bits that are neither operands nor ignored.
   */
  readonly mask: number;
  readonly match: number;
  /** What mask and match cannot say: values that the operands must not have. Only compressed rows need it. */
  readonly legal: readonly Condition[];
  /** Operands in assembly order. */
  readonly syntax: readonly Syntax[];
  /** What it does. Compressed rows have none: they say which row they stand for. */
  readonly meaning?: Meaning;
  /** Compressed rows: the base row that gives the meaning, on the operands that the format extracts. */
  readonly expandsTo?: string;
}

export type Extension = 'I' | 'M' | 'A' | 'C' | 'Zicsr' | 'Zifencei' | 'System';

export type Operand = keyof Operands;

/** The encoding is reserved, or another row's, when the extracted operand equals `not`. */
export interface Condition {
  readonly operand: Operand;
  readonly not: number;
}

/** One operand as assembly text writes it. */
export type Syntax =
  | 'rd'
  | 'rs1'
  | 'rs2'
  | 'imm'
  /** An immediate that is left out when it is 0. */
  | 'imm?'
  /** An offset and a base register. */
  | 'imm(rs1)'
  | '(rs1)'
  /** pc + imm, written as an address or label. */
  | 'target'
  /** The immediate's bits from 12 up, as lui and auipc write it. */
  | 'upper'
  /** The CSR that the immediate names. */
  | 'csr'
  /** The five-bit immediate in the field of rs1. */
  | 'zimm'
  /** The two sets of a fence: any of i, o, r, w. */
  | 'pred'
  | 'succ'
  /** Not an operand but a suffix of the mnemonic: `.aq`, `.rl`, `.aqrl` or nothing. */
  | '.aqrl';

/** Operand positions of an encoding. `formats.ts` says where each of them lies. */
export type Format =
  | 'R'
  | 'I'
  | 'S'
  | 'B'
  | 'U'
  | 'J'
  | 'shift64'
  | 'shift32'
  | 'csr'
  | 'csri'
  | 'fence'
  | 'fence.i'
  | 'none'
  | 'atomic'
  | 'lr'
  | 'sfence'
  | 'CR'
  | 'CR-mv'
  | 'CR-jr'
  | 'CR-jalr'
  | 'CI'
  | 'CI-nop'
  | 'CI-li'
  | 'CI-lui'
  | 'CI-addi16sp'
  | 'CI-shift'
  | 'CI-lwsp'
  | 'CI-ldsp'
  | 'CSS-sw'
  | 'CSS-sd'
  | 'CIW'
  | 'CL-w'
  | 'CL-d'
  | 'CS-w'
  | 'CS-d'
  | 'CA'
  | 'CB-branch'
  | 'CB-shift'
  | 'CB-andi'
  | 'CJ'
  | 'C-none';

/** Operands of one decoded instruction. Registers are 0 to 31; absent operands are 0. */
export interface Operands {
  readonly rd: number;
  readonly rs1: number;
  readonly rs2: number;
  readonly imm: bigint;
}
