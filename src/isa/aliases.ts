import { csrs } from './csrs.js';
import type { Operand, Syntax } from './row.js';

/**
 * Pseudo-instructions that stand for one instruction (Unprivileged ISA, chapter "RISC-V Assembly Programmer's Handbook").
 * The assembler reads all of them; the disassembler writes those marked `shown`.
 */
export interface Alias {
  readonly name: string;
  readonly syntax: readonly Syntax[];
  /** Mnemonic of the instruction it stands for. */
  readonly of: string;
  /** Operands that the text leaves out. */
  readonly fixed: Readonly<Partial<Record<Operand, number>>>;
  /** Whether disassembly prefers it to the instruction's own name. */
  readonly shown: boolean;
}

type Fixed = Alias['fixed'];
const shown = (name: string, syntax: readonly Syntax[], of: string, fixed: Fixed = {}): Alias => ({
  ...{ name, syntax, of, fixed },
  shown: true,
});
const read = (name: string, syntax: readonly Syntax[], of: string, fixed: Fixed = {}): Alias => ({
  ...{ name, syntax, of, fixed },
  shown: false,
});

const RA = 1;
/** Sets of a fence: the immediate is predecessors * 16 + successors, each of i (8), o (4), r (2), w (1). */
const FENCE_ALL = 0xff;
const FENCE_TSO = 0x833;
const FENCE_PAUSE = 0x010;

const withImmediate: readonly Syntax[] = ['rd', 'rs1', 'imm'];

/** In the disassembler's order of preference: what fixes more stands first. */
export const aliases: readonly Alias[] = [
  shown('nop', [], 'addi', { rd: 0, rs1: 0, imm: 0 }),
  shown('mv', ['rd', 'rs1'], 'addi', { imm: 0 }),
  shown('mv', ['rd', 'rs2'], 'add', { rs1: 0 }),
  shown('li', ['rd', 'imm'], 'addi', { rs1: 0 }),
  shown('not', ['rd', 'rs1'], 'xori', { imm: -1 }),
  shown('neg', ['rd', 'rs2'], 'sub', { rs1: 0 }),
  shown('negw', ['rd', 'rs2'], 'subw', { rs1: 0 }),
  shown('sext.w', ['rd', 'rs1'], 'addiw', { imm: 0 }),
  shown('zext.b', ['rd', 'rs1'], 'andi', { imm: 0xff }),
  shown('seqz', ['rd', 'rs1'], 'sltiu', { imm: 1 }),
  shown('snez', ['rd', 'rs2'], 'sltu', { rs1: 0 }),
  shown('sltz', ['rd', 'rs1'], 'slt', { rs2: 0 }),
  shown('sgtz', ['rd', 'rs2'], 'slt', { rs1: 0 }),

  shown('beqz', ['rs1', 'target'], 'beq', { rs2: 0 }),
  shown('bnez', ['rs1', 'target'], 'bne', { rs2: 0 }),
  shown('blez', ['rs2', 'target'], 'bge', { rs1: 0 }),
  shown('bgez', ['rs1', 'target'], 'bge', { rs2: 0 }),
  shown('bltz', ['rs1', 'target'], 'blt', { rs2: 0 }),
  shown('bgtz', ['rs2', 'target'], 'blt', { rs1: 0 }),
  read('bgt', ['rs2', 'rs1', 'target'], 'blt'),
  read('ble', ['rs2', 'rs1', 'target'], 'bge'),
  read('bgtu', ['rs2', 'rs1', 'target'], 'bltu'),
  read('bleu', ['rs2', 'rs1', 'target'], 'bgeu'),
  read('sgt', ['rd', 'rs2', 'rs1'], 'slt'),
  read('sgtu', ['rd', 'rs2', 'rs1'], 'sltu'),

  shown('j', ['target'], 'jal', { rd: 0 }),
  shown('jal', ['target'], 'jal', { rd: RA }),
  shown('ret', [], 'jalr', { rd: 0, rs1: RA, imm: 0 }),
  shown('jr', ['rs1'], 'jalr', { rd: 0, imm: 0 }),
  shown('jr', ['imm(rs1)'], 'jalr', { rd: 0 }),
  shown('jalr', ['rs1'], 'jalr', { rd: RA, imm: 0 }),
  shown('jalr', ['imm(rs1)'], 'jalr', { rd: RA }),
  read('jalr', ['rd', 'rs1'], 'jalr', { imm: 0 }),
  read('jalr', ['rd', 'rs1', 'imm'], 'jalr'),

  shown('unimp', [], 'csrrw', { rd: 0, rs1: 0, imm: csrs.cycle.number }),
  shown('rdcycle', ['rd'], 'csrrs', { rs1: 0, imm: csrs.cycle.number }),
  shown('rdtime', ['rd'], 'csrrs', { rs1: 0, imm: csrs.time.number }),
  shown('rdinstret', ['rd'], 'csrrs', { rs1: 0, imm: csrs.instret.number }),
  shown('csrr', ['rd', 'csr'], 'csrrs', { rs1: 0 }),
  shown('csrw', ['csr', 'rs1'], 'csrrw', { rd: 0 }),
  shown('csrs', ['csr', 'rs1'], 'csrrs', { rd: 0 }),
  shown('csrc', ['csr', 'rs1'], 'csrrc', { rd: 0 }),
  shown('csrwi', ['csr', 'zimm'], 'csrrwi', { rd: 0 }),
  shown('csrsi', ['csr', 'zimm'], 'csrrsi', { rd: 0 }),
  shown('csrci', ['csr', 'zimm'], 'csrrci', { rd: 0 }),
  read('csrw', ['csr', 'zimm'], 'csrrwi', { rd: 0 }),
  read('csrs', ['csr', 'zimm'], 'csrrsi', { rd: 0 }),
  read('csrc', ['csr', 'zimm'], 'csrrci', { rd: 0 }),
  read('csrrw', ['rd', 'csr', 'zimm'], 'csrrwi'),
  read('csrrs', ['rd', 'csr', 'zimm'], 'csrrsi'),
  read('csrrc', ['rd', 'csr', 'zimm'], 'csrrci'),

  shown('fence', [], 'fence', { imm: FENCE_ALL }),
  shown('fence.tso', [], 'fence', { imm: FENCE_TSO }),
  shown('pause', [], 'fence', { imm: FENCE_PAUSE }),
  shown('sfence.vma', [], 'sfence.vma', { rs1: 0, rs2: 0 }),
  shown('sfence.vma', ['rs1'], 'sfence.vma', { rs2: 0 }),

  // The register forms' names with an immediate, as the GNU assembler allows.
  read('add', withImmediate, 'addi'),
  read('addw', withImmediate, 'addiw'),
  read('and', withImmediate, 'andi'),
  read('or', withImmediate, 'ori'),
  read('xor', withImmediate, 'xori'),
  read('slt', withImmediate, 'slti'),
  read('sltu', withImmediate, 'sltiu'),
  read('sll', withImmediate, 'slli'),
  read('srl', withImmediate, 'srli'),
  read('sra', withImmediate, 'srai'),
  read('sllw', withImmediate, 'slliw'),
  read('srlw', withImmediate, 'srliw'),
  read('sraw', withImmediate, 'sraiw'),
];
