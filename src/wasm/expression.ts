import { signed, unsigned } from './leb128.js';

/** The two value types that the machine needs. */
export type ValueType = 'i32' | 'i64';

/** Code that leaves one value of type `T` on the stack. Evaluated where it is used, as often as it is used. */
export interface Expression<T extends ValueType> {
  readonly type: T;
  readonly code: readonly number[];
}
export type I32 = Expression<'i32'>;
export type I64 = Expression<'i64'>;

const nothing: readonly number[] = [];

function expression<T extends ValueType>(type: T, ...parts: (readonly number[])[]): Expression<T> {
  return { type, code: nothing.concat(...parts) };
}

type Unary<A extends ValueType, R extends ValueType> = (a: Expression<A>) => Expression<R>;
type Binary<A extends ValueType, R extends ValueType> = (a: Expression<A>, b: Expression<A>) => Expression<R>;

const unary =
  <A extends ValueType, R extends ValueType>(_operand: A, result: R, ...opcode: number[]): Unary<A, R> =>
  (a) =>
    expression(result, a.code, opcode);

const binary =
  <A extends ValueType, R extends ValueType>(_operand: A, result: R, opcode: number): Binary<A, R> =>
  (a, b) =>
    expression(result, a.code, b.code, [opcode]);

/** Prefix of the atomic instructions (threads proposal). */
export const ATOMIC_PREFIX = 0xfe;

/**
 * The immediate of a memory instruction. `offset` is added to the address without wrapping. Plain accesses claim no
 * alignment; atomic ones must claim exactly their natural one, and trap when the address is not aligned.
 */
export function memoryArgument(alignLog2: number, offset: number): number[] {
  return [...unsigned(alignLog2), ...unsigned(offset)];
}

type Load<T extends ValueType> = (address: I32, offset?: number) => Expression<T>;
const load =
  <T extends ValueType>(type: T, opcode: number): Load<T> =>
  (address, offset = 0) =>
    expression(type, address.code, [opcode], memoryArgument(0, offset));
const atomicLoad =
  <T extends ValueType>(type: T, opcode: number, alignLog2: number): Load<T> =>
  (address, offset = 0) =>
    expression(type, address.code, [ATOMIC_PREFIX, opcode], memoryArgument(alignLog2, offset));

type ReadModifyWrite<T extends ValueType> = (address: I32, value: Expression<T>, offset?: number) => Expression<T>;
const readModifyWrite =
  <T extends ValueType>(type: T, opcode: number, alignLog2: number): ReadModifyWrite<T> =>
  (address, value, offset = 0) =>
    expression(type, address.code, value.code, [ATOMIC_PREFIX, opcode], memoryArgument(alignLog2, offset));

type CompareExchange<T extends ValueType> = (
  address: I32,
  expected: Expression<T>,
  replacement: Expression<T>,
  offset?: number,
) => Expression<T>;
const compareExchange =
  <T extends ValueType>(type: T, opcode: number, alignLog2: number): CompareExchange<T> =>
  (address, expected, replacement, offset = 0) =>
    expression(
      type,
      address.code,
      expected.code,
      replacement.code,
      [ATOMIC_PREFIX, opcode],
      memoryArgument(alignLog2, offset),
    );

/** `condition` not 0 selects `a`. Both are computed. */
export function select<T extends ValueType>(a: Expression<T>, b: Expression<T>, condition: I32): Expression<T> {
  return expression(a.type, a.code, b.code, condition.code, [0x1b]);
}

/** Instructions on 32-bit integers, named as in the specification without the type; atomic ones return the old value. */
export const i32 = {
  /** Signed and unsigned spellings of the same 32 bits are both accepted. */
  const: (value: number): I32 => expression('i32', [0x41], signed(BigInt(value | 0))),
  eqz: unary('i32', 'i32', 0x45),
  eq: binary('i32', 'i32', 0x46),
  ne: binary('i32', 'i32', 0x47),
  ltS: binary('i32', 'i32', 0x48),
  ltU: binary('i32', 'i32', 0x49),
  gtS: binary('i32', 'i32', 0x4a),
  gtU: binary('i32', 'i32', 0x4b),
  leS: binary('i32', 'i32', 0x4c),
  leU: binary('i32', 'i32', 0x4d),
  geS: binary('i32', 'i32', 0x4e),
  geU: binary('i32', 'i32', 0x4f),
  add: binary('i32', 'i32', 0x6a),
  sub: binary('i32', 'i32', 0x6b),
  mul: binary('i32', 'i32', 0x6c),
  and: binary('i32', 'i32', 0x71),
  or: binary('i32', 'i32', 0x72),
  xor: binary('i32', 'i32', 0x73),
  shl: binary('i32', 'i32', 0x74),
  shrS: binary('i32', 'i32', 0x75),
  shrU: binary('i32', 'i32', 0x76),
  /** The low 32 bits. */
  wrap: unary('i64', 'i32', 0xa7),
  load: load('i32', 0x28),
  load8U: load('i32', 0x2d),
  load16U: load('i32', 0x2f),
  atomicLoad: atomicLoad('i32', 0x10, 2),
  atomicAdd: readModifyWrite('i32', 0x1e, 2),
  atomicAnd: readModifyWrite('i32', 0x2c, 2),
  atomicOr: readModifyWrite('i32', 0x33, 2),
  atomicXor: readModifyWrite('i32', 0x3a, 2),
  atomicExchange: readModifyWrite('i32', 0x41, 2),
  atomicCompareExchange: compareExchange('i32', 0x48, 2),
  /** Wakes at most `count` sleepers; how many it woke. */
  atomicNotify: (address: I32, count: I32, offset = 0): I32 =>
    expression('i32', address.code, count.code, [ATOMIC_PREFIX, 0x00], memoryArgument(2, offset)),
  /** Sleeps while the word holds `expected`, at most `timeout` nanoseconds: 0 woken, 1 it held something else, 2 timed out. */
  atomicWait: (address: I32, expected: I32, timeout: I64, offset = 0): I32 =>
    expression('i32', address.code, expected.code, timeout.code, [ATOMIC_PREFIX, 0x01], memoryArgument(2, offset)),
} as const;

/** Instructions on 64-bit integers; comparisons give an i32. */
export const i64 = {
  const: (value: bigint): I64 => expression('i64', [0x42], signed(value)),
  eqz: unary('i64', 'i32', 0x50),
  eq: binary('i64', 'i32', 0x51),
  ne: binary('i64', 'i32', 0x52),
  ltS: binary('i64', 'i32', 0x53),
  ltU: binary('i64', 'i32', 0x54),
  gtS: binary('i64', 'i32', 0x55),
  gtU: binary('i64', 'i32', 0x56),
  leS: binary('i64', 'i32', 0x57),
  leU: binary('i64', 'i32', 0x58),
  geS: binary('i64', 'i32', 0x59),
  geU: binary('i64', 'i32', 0x5a),
  add: binary('i64', 'i64', 0x7c),
  sub: binary('i64', 'i64', 0x7d),
  mul: binary('i64', 'i64', 0x7e),
  /** The four divisions trap on a zero divisor, `divS` also on overflow. */
  divS: binary('i64', 'i64', 0x7f),
  divU: binary('i64', 'i64', 0x80),
  remS: binary('i64', 'i64', 0x81),
  remU: binary('i64', 'i64', 0x82),
  and: binary('i64', 'i64', 0x83),
  or: binary('i64', 'i64', 0x84),
  xor: binary('i64', 'i64', 0x85),
  /** Shifts use the low six bits of the amount. */
  shl: binary('i64', 'i64', 0x86),
  shrS: binary('i64', 'i64', 0x87),
  shrU: binary('i64', 'i64', 0x88),
  extendI32S: unary('i32', 'i64', 0xac),
  extendI32U: unary('i32', 'i64', 0xad),
  extend8S: unary('i64', 'i64', 0xc2),
  extend16S: unary('i64', 'i64', 0xc3),
  extend32S: unary('i64', 'i64', 0xc4),
  load: load('i64', 0x29),
  load8S: load('i64', 0x30),
  load8U: load('i64', 0x31),
  load16S: load('i64', 0x32),
  load16U: load('i64', 0x33),
  load32S: load('i64', 0x34),
  load32U: load('i64', 0x35),
  atomicLoad: atomicLoad('i64', 0x11, 3),
  atomicLoad32U: atomicLoad('i64', 0x16, 2),
  atomicAdd: readModifyWrite('i64', 0x1f, 3),
  atomicAnd: readModifyWrite('i64', 0x2d, 3),
  atomicOr: readModifyWrite('i64', 0x34, 3),
  atomicXor: readModifyWrite('i64', 0x3b, 3),
  atomicExchange: readModifyWrite('i64', 0x42, 3),
  atomicCompareExchange: compareExchange('i64', 0x49, 3),
  /** On 32-bit words: the operand's low half is used, the old value zero-extended. */
  atomicAdd32: readModifyWrite('i64', 0x24, 2),
  atomicAnd32: readModifyWrite('i64', 0x32, 2),
  atomicOr32: readModifyWrite('i64', 0x39, 2),
  atomicXor32: readModifyWrite('i64', 0x40, 2),
  atomicExchange32: readModifyWrite('i64', 0x47, 2),
  atomicCompareExchange32: compareExchange('i64', 0x4e, 2),
} as const;
