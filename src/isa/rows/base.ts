import { rowsOf } from '../define-row.js';
import type { Row, Syntax } from '../row.js';
import type { AccessSize, Meaning, Operations } from '../vocabulary.js';

const row = rowsOf('I');

const registers: Syntax[] = ['rd', 'rs1', 'rs2'];
const withImmediate: Syntax[] = ['rd', 'rs1', 'imm'];
const loadFrom: Syntax[] = ['rd', 'imm(rs1)'];
const storeTo: Syntax[] = ['rs2', 'imm(rs1)'];
const compareAndBranch: Syntax[] = ['rs1', 'rs2', 'target'];

const load =
  (size: AccessSize, signed: boolean): Meaning =>
  (o) =>
    o.setRd(o.load(size, signed, o.add(o.rs1, o.imm)));

const store =
  (size: AccessSize): Meaning =>
  (o) =>
    o.store(size, o.add(o.rs1, o.imm), o.rs2);

/** Shift amounts of the 32-bit shifts are five bits. */
const wordAmount = <V, B>(o: Operations<V, B>): V => o.and(o.rs2, o.constant(31n));

/** RV64I (Unprivileged ISA, chapters "RV32I" and "RV64I"). */
export const baseRows: readonly Row[] = [
  row('lui', 'U', 0x37, ['rd', 'upper'], (o) => o.setRd(o.imm)),
  row('auipc', 'U', 0x17, ['rd', 'upper'], (o) => o.setRd(o.add(o.pc, o.imm))),
  row('jal', 'J', 0x6f, ['rd', 'target'], (o) => {
    o.setRd(o.nextPc);
    o.jump(o.add(o.pc, o.imm));
  }),
  row('jalr', 'I', 0x67, loadFrom, (o) => {
    // rd may be rs1: the target is computed before the link is written.
    const target = o.let(o.and(o.add(o.rs1, o.imm), o.constant(-2n)));
    o.setRd(o.nextPc);
    o.jump(target);
  }),

  row('beq', 'B', 0x63, compareAndBranch, (o) => o.branch(o.equal(o.rs1, o.rs2), o.add(o.pc, o.imm))),
  row('bne', 'B', 0x1063, compareAndBranch, (o) => o.branch(o.notEqual(o.rs1, o.rs2), o.add(o.pc, o.imm))),
  row('blt', 'B', 0x4063, compareAndBranch, (o) => o.branch(o.lessSigned(o.rs1, o.rs2), o.add(o.pc, o.imm))),
  row('bge', 'B', 0x5063, compareAndBranch, (o) => o.branch(o.greaterEqualSigned(o.rs1, o.rs2), o.add(o.pc, o.imm))),
  row('bltu', 'B', 0x6063, compareAndBranch, (o) => o.branch(o.lessUnsigned(o.rs1, o.rs2), o.add(o.pc, o.imm))),
  row('bgeu', 'B', 0x7063, compareAndBranch, (o) => o.branch(o.greaterEqualUnsigned(o.rs1, o.rs2), o.add(o.pc, o.imm))),

  row('lb', 'I', 0x0003, loadFrom, load(1, true)),
  row('lh', 'I', 0x1003, loadFrom, load(2, true)),
  row('lw', 'I', 0x2003, loadFrom, load(4, true)),
  row('ld', 'I', 0x3003, loadFrom, load(8, true)),
  row('lbu', 'I', 0x4003, loadFrom, load(1, false)),
  row('lhu', 'I', 0x5003, loadFrom, load(2, false)),
  row('lwu', 'I', 0x6003, loadFrom, load(4, false)),
  row('sb', 'S', 0x0023, storeTo, store(1)),
  row('sh', 'S', 0x1023, storeTo, store(2)),
  row('sw', 'S', 0x2023, storeTo, store(4)),
  row('sd', 'S', 0x3023, storeTo, store(8)),

  row('addi', 'I', 0x0013, withImmediate, (o) => o.setRd(o.add(o.rs1, o.imm))),
  row('slti', 'I', 0x2013, withImmediate, (o) => o.setRd(o.fromBoolean(o.lessSigned(o.rs1, o.imm)))),
  row('sltiu', 'I', 0x3013, withImmediate, (o) => o.setRd(o.fromBoolean(o.lessUnsigned(o.rs1, o.imm)))),
  row('xori', 'I', 0x4013, withImmediate, (o) => o.setRd(o.xor(o.rs1, o.imm))),
  row('ori', 'I', 0x6013, withImmediate, (o) => o.setRd(o.or(o.rs1, o.imm))),
  row('andi', 'I', 0x7013, withImmediate, (o) => o.setRd(o.and(o.rs1, o.imm))),
  row('slli', 'shift64', 0x1013, withImmediate, (o) => o.setRd(o.shiftLeft(o.rs1, o.imm))),
  row('srli', 'shift64', 0x5013, withImmediate, (o) => o.setRd(o.shiftRightUnsigned(o.rs1, o.imm))),
  row('srai', 'shift64', 0x40005013, withImmediate, (o) => o.setRd(o.shiftRightSigned(o.rs1, o.imm))),

  row('add', 'R', 0x33, registers, (o) => o.setRd(o.add(o.rs1, o.rs2))),
  row('sub', 'R', 0x40000033, registers, (o) => o.setRd(o.sub(o.rs1, o.rs2))),
  row('sll', 'R', 0x1033, registers, (o) => o.setRd(o.shiftLeft(o.rs1, o.rs2))),
  row('slt', 'R', 0x2033, registers, (o) => o.setRd(o.fromBoolean(o.lessSigned(o.rs1, o.rs2)))),
  row('sltu', 'R', 0x3033, registers, (o) => o.setRd(o.fromBoolean(o.lessUnsigned(o.rs1, o.rs2)))),
  row('xor', 'R', 0x4033, registers, (o) => o.setRd(o.xor(o.rs1, o.rs2))),
  row('srl', 'R', 0x5033, registers, (o) => o.setRd(o.shiftRightUnsigned(o.rs1, o.rs2))),
  row('sra', 'R', 0x40005033, registers, (o) => o.setRd(o.shiftRightSigned(o.rs1, o.rs2))),
  row('or', 'R', 0x6033, registers, (o) => o.setRd(o.or(o.rs1, o.rs2))),
  row('and', 'R', 0x7033, registers, (o) => o.setRd(o.and(o.rs1, o.rs2))),

  // The forms on 32 bits: the low half is computed and sign-extended.
  row('addiw', 'I', 0x1b, withImmediate, (o) => o.setRd(o.signExtend32(o.add(o.rs1, o.imm)))),
  row('slliw', 'shift32', 0x101b, withImmediate, (o) => o.setRd(o.signExtend32(o.shiftLeft(o.rs1, o.imm)))),
  row('srliw', 'shift32', 0x501b, withImmediate, (o) =>
    o.setRd(o.signExtend32(o.shiftRightUnsigned(o.zeroExtend32(o.rs1), o.imm))),
  ),
  row('sraiw', 'shift32', 0x4000501b, withImmediate, (o) => o.setRd(o.shiftRightSigned(o.signExtend32(o.rs1), o.imm))),
  row('addw', 'R', 0x3b, registers, (o) => o.setRd(o.signExtend32(o.add(o.rs1, o.rs2)))),
  row('subw', 'R', 0x4000003b, registers, (o) => o.setRd(o.signExtend32(o.sub(o.rs1, o.rs2)))),
  row('sllw', 'R', 0x103b, registers, (o) => o.setRd(o.signExtend32(o.shiftLeft(o.rs1, wordAmount(o))))),
  row('srlw', 'R', 0x503b, registers, (o) =>
    o.setRd(o.signExtend32(o.shiftRightUnsigned(o.zeroExtend32(o.rs1), wordAmount(o)))),
  ),
  row('sraw', 'R', 0x4000503b, registers, (o) => o.setRd(o.shiftRightSigned(o.signExtend32(o.rs1), wordAmount(o)))),

  row('fence', 'fence', 0x0f, ['pred', 'succ'], (o) => o.fence(o.imm)),
];

/** Zifencei (Unprivileged ISA, chapter "Zifencei"). */
export const fenceIRows: readonly Row[] = [rowsOf('Zifencei')('fence.i', 'fence.i', 0x100f, [], (o) => o.fenceI())];
