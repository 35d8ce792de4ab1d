import type { AccessSize, AmoOperation, AtomicSize } from '../isa/vocabulary.js';
import { type I32, type I64, i64, select } from '../wasm/expression.js';
import type { FunctionBuilder, Local } from '../wasm/function-builder.js';
import { isNativeAmo, type NativeAmo } from './probe.js';

const loads = {
  1: { signed: i64.load8S, unsigned: i64.load8U },
  2: { signed: i64.load16S, unsigned: i64.load16U },
  4: { signed: i64.load32S, unsigned: i64.load32U },
  8: { signed: i64.load, unsigned: i64.load },
} as const;

/** The value at `host`, and `offset` bytes on, extended to 64 bits. */
export function loadPlain(size: AccessSize, signed: boolean, host: I32, offset = 0): I64 {
  return loads[size][signed ? 'signed' : 'unsigned'](host, offset);
}

const native = {
  8: {
    swap: i64.atomicExchange,
    add: i64.atomicAdd,
    xor: i64.atomicXor,
    and: i64.atomicAnd,
    or: i64.atomicOr,
  },
  4: {
    swap: i64.atomicExchange32,
    add: i64.atomicAdd32,
    xor: i64.atomicXor32,
    and: i64.atomicAnd32,
    or: i64.atomicOr32,
  },
} as const;

/** An operation that WebAssembly has: the old value, sign-extended. */
export function nativeAmo(operation: NativeAmo, size: AtomicSize, host: I32, value: I64): I64 {
  const old = native[size][operation](host, value);
  return size === 4 ? i64.extend32S(old) : old;
}

type Choice = Exclude<AmoOperation, NativeAmo>;
const keepsOld: Readonly<Record<Choice, (old: I64, value: I64) => I32>> = {
  min: i64.leS,
  max: i64.geS,
  minu: i64.leU,
  maxu: i64.geU,
};

/** Carries the operation out on the aligned word at `host`; `old` becomes the old value, sign-extended. */
export function amoInPlace(
  f: FunctionBuilder,
  operation: AmoOperation,
  size: AtomicSize,
  host: I32,
  value: I64,
  old: Local<'i64'>,
  hold: (value: I64) => Local<'i64'>,
): void {
  if (isNativeAmo(operation)) {
    f.set(old, nativeAmo(operation, size, host, value));
    return;
  }
  // Sign extension keeps the order of unsigned words too.
  const operand = hold(size === 4 ? i64.extend32S(value) : value);
  const seen = hold(i64.const(0n));
  f.loop((retry) => {
    f.set(seen, size === 4 ? i64.atomicLoad32U(host) : i64.atomicLoad(host));
    f.set(old, size === 4 ? i64.extend32S(seen) : seen);
    const replacement = select<'i64'>(old, operand, keepsOld[operation](old, operand));
    const found =
      size === 4
        ? i64.atomicCompareExchange32(host, seen, i64.and(replacement, i64.const(0xffff_ffffn)))
        : i64.atomicCompareExchange(host, seen, replacement);
    f.branchIf(i64.ne(found, seen), retry);
  });
}
