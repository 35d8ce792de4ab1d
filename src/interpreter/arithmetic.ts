import type {
  AccessSize,
  AmoOperation,
  AtomicSize,
  CsrOperation,
  CsrSource,
  Operations,
  SystemOperation,
} from '../isa/vocabulary.js';
import { type Expression, type I32, type I64, i32, i64, type ValueType } from '../wasm/expression.js';
import type { FunctionBuilder, Local } from '../wasm/function-builder.js';

/** What a value is, where the lowering of control flow can make use of it. */
export type Role = 'pc' | 'imm' | 'pc + imm';
export interface Value extends I64 {
  readonly role?: Role;
}

const ALL_ONES = -1n;
const LOW_HALF = 0xffff_ffffn;
const HALF = 32n;

/**
 * The part of the vocabulary that does not depend on where registers and memory are: integer arithmetic as WebAssembly.
 * A value is code that computes it; statements go to the function that is being built.
 */
export abstract class Arithmetic implements Operations<Value, I32> {
  private readonly free = new Map<ValueType, Local<ValueType>[]>();
  private taken: Local<ValueType>[] = [];

  constructor(protected readonly f: FunctionBuilder) {}

  abstract readonly rs1: Value;
  abstract readonly rs2: Value;
  abstract readonly imm: Value;
  abstract readonly pc: Value;
  abstract readonly nextPc: Value;
  abstract setRd(value: Value): void;
  abstract load(size: AccessSize, signed: boolean, address: Value): Value;
  abstract store(size: AccessSize, address: Value, value: Value): void;
  abstract amo(operation: AmoOperation, size: AtomicSize, address: Value, value: Value, order: Value): Value;
  abstract loadReserved(size: AtomicSize, address: Value, order: Value): Value;
  abstract storeConditional(size: AtomicSize, address: Value, value: Value, order: Value): Value;
  abstract fenceI(): void;
  abstract branch(condition: I32, target: Value): void;
  abstract jump(target: Value): void;
  abstract csr(operation: CsrOperation, source: CsrSource): void;
  abstract trap(cause: number, value: Value): void;
  abstract ecall(): void;
  abstract system(operation: SystemOperation): void;

  /** Locals that hold intermediate values serve one instruction after another. */
  protected releaseLocals(): void {
    for (const local of this.taken) this.free.get(local.type)?.push(local);
    this.taken = [];
  }
  protected hold<T extends ValueType>(value: Expression<T>): Local<T> {
    const pool = this.free.get(value.type) ?? [];
    this.free.set(value.type, pool);
    const local = (pool.pop() ?? this.f.local(`${value.type}_${this.taken.length}`, value.type)) as Local<T>;
    this.taken.push(local);
    this.f.set(local, value);
    return local;
  }

  constant(value: bigint): Value {
    return i64.const(value);
  }
  add(a: Value, b: Value): Value {
    const sum = i64.add(a, b);
    return a.role === 'pc' && b.role === 'imm' ? { ...sum, role: 'pc + imm' } : sum;
  }
  sub(a: Value, b: Value): Value {
    return i64.sub(a, b);
  }
  mul(a: Value, b: Value): Value {
    return i64.mul(a, b);
  }
  /** Schoolbook multiplication of 32-bit halves: none of the partial sums overflows. */
  mulHighUnsigned(a: Value, b: Value): Value {
    const low = (v: I64): I64 => i64.and(v, i64.const(LOW_HALF));
    const high = (v: I64): I64 => i64.shrU(v, i64.const(HALF));
    const [x, y] = [this.hold(a), this.hold(b)];
    const lowLow = this.hold(i64.mul(low(x), low(y)));
    const middle = this.hold(i64.add(i64.mul(high(x), low(y)), high(lowLow)));
    const other = this.hold(i64.add(i64.mul(low(x), high(y)), low(middle)));
    return i64.add(i64.mul(high(x), high(y)), i64.add(high(middle), high(other)));
  }
  mulHighSigned(a: Value, b: Value): Value {
    const [x, y] = [this.hold(a), this.hold(b)];
    return i64.sub(i64.sub(this.mulHighUnsigned(x, y), ifNegative(x, y)), ifNegative(y, x));
  }
  mulHighSignedUnsigned(a: Value, b: Value): Value {
    const [x, y] = [this.hold(a), this.hold(b)];
    return i64.sub(this.mulHighUnsigned(x, y), ifNegative(x, y));
  }
  divSigned(a: Value, b: Value): Value {
    return this.divide(b, ALL_ONES, (divisor) => {
      const dividend = this.hold(a);
      // Dividing by -1 is negating, and that gives the result the manual wants for the one case that overflows.
      return this.unlessMinusOne(divisor, i64.sub(i64.const(0n), dividend), () => i64.divS(dividend, divisor));
    });
  }
  divUnsigned(a: Value, b: Value): Value {
    return this.divide(b, ALL_ONES, (divisor) => i64.divU(a, divisor));
  }
  remSigned(a: Value, b: Value): Value {
    const dividend = this.hold(a);
    return this.divide(b, dividend, (divisor) =>
      this.unlessMinusOne(divisor, i64.const(0n), () => i64.remS(dividend, divisor)),
    );
  }
  remUnsigned(a: Value, b: Value): Value {
    const dividend = this.hold(a);
    return this.divide(b, dividend, (divisor) => i64.remU(dividend, divisor));
  }

  and(a: Value, b: Value): Value {
    return i64.and(a, b);
  }
  or(a: Value, b: Value): Value {
    return i64.or(a, b);
  }
  xor(a: Value, b: Value): Value {
    return i64.xor(a, b);
  }
  shiftLeft(a: Value, amount: Value): Value {
    return i64.shl(a, amount);
  }
  shiftRightSigned(a: Value, amount: Value): Value {
    return i64.shrS(a, amount);
  }
  shiftRightUnsigned(a: Value, amount: Value): Value {
    return i64.shrU(a, amount);
  }
  signExtend32(a: Value): Value {
    return i64.extend32S(a);
  }
  zeroExtend32(a: Value): Value {
    return i64.and(a, i64.const(LOW_HALF));
  }

  equal(a: Value, b: Value): I32 {
    return i64.eq(a, b);
  }
  notEqual(a: Value, b: Value): I32 {
    return i64.ne(a, b);
  }
  lessSigned(a: Value, b: Value): I32 {
    return i64.ltS(a, b);
  }
  lessUnsigned(a: Value, b: Value): I32 {
    return i64.ltU(a, b);
  }
  greaterEqualSigned(a: Value, b: Value): I32 {
    return i64.geS(a, b);
  }
  greaterEqualUnsigned(a: Value, b: Value): I32 {
    return i64.geU(a, b);
  }
  fromBoolean(condition: I32): Value {
    return i64.extendI32U(condition);
  }

  let(value: Value): Value {
    return this.hold(value);
  }
  /** Also what aq and rl ask for: atomic instructions are sequentially consistent among themselves, and this orders the rest. */
  fence(_sets: Value): void {
    this.f.atomicFence();
  }

  /** `byZero` when the divisor is 0, else what `quotient` computes. */
  private divide(b: I64, byZero: bigint | Local<'i64'>, quotient: (divisor: Local<'i64'>) => I64): Value {
    const divisor = this.hold(b);
    const result = this.hold(typeof byZero === 'bigint' ? i64.const(byZero) : byZero);
    this.f.if(i32.eqz(i64.eqz(divisor)), () => this.f.set(result, quotient(divisor)));
    return result;
  }
  private unlessMinusOne(divisor: Local<'i64'>, special: I64, quotient: () => I64): Value {
    const result = this.hold(special);
    this.f.if(i64.ne(divisor, i64.const(ALL_ONES)), () => this.f.set(result, quotient()));
    return result;
  }
}

/** `value` when `sign` is negative, else 0: what a signed operand takes from the upper half of an unsigned product. */
function ifNegative(sign: I64, value: I64): I64 {
  return i64.and(i64.shrS(sign, i64.const(63n)), value);
}
