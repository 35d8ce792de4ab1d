import type { AccessSize, AmoOperation, AtomicSize, Meaning } from '../isa/vocabulary.js';
import { type I32, i64 } from '../wasm/expression.js';
import { FunctionBuilder } from '../wasm/function-builder.js';
import { Arithmetic, type Value } from './arithmetic.js';

/** What one can learn about a row by looking at what its meaning asks for. */
export interface Traits {
  /** The fast loop has code of its own for it; everything else is done by the single step. */
  readonly fast: boolean;
  /** Jumps or branches to pc + imm, so that a target in the same page is a distance between entries. */
  readonly relative: boolean;
  /** Writes rd and jumps: worth a handler of its own when rd is x0, and the return address is nobody's. */
  readonly links: boolean;
  /** Where it goes on may be elsewhere: always, or when its condition holds. */
  readonly control: 'none' | 'branch' | 'jump';
  /** Loads, and does nothing else to memory; stores, or does both; one of these. */
  readonly loads: boolean;
  readonly stores: boolean;
  readonly accesses: boolean;
  /** Bytes of a plain load or store, and undefined otherwise. */
  readonly size: AccessSize | undefined;
  /** Whoever carries it out needs the encoding. */
  readonly needsEncoding: boolean;
}

/** Atomic operations that WebAssembly has too; the rest take a loop. */
export const nativeAmos = ['swap', 'add', 'xor', 'and', 'or'] as const satisfies readonly AmoOperation[];
export type NativeAmo = (typeof nativeAmos)[number];
export const isNativeAmo = (operation: AmoOperation): operation is NativeAmo =>
  nativeAmos.some((native) => native === operation);

export function traitsOf(meaning: Meaning): Traits {
  const probe = new Probe();
  meaning(probe);
  const { fast, relative, needsEncoding, control, loads, stores, size } = probe;
  const links = control === 'jump' && probe.writesRd;
  return { fast, relative, needsEncoding, control, loads, stores, accesses: loads || stores, size, links };
}

/** Carries a meaning out on paper: lowers it into a function that nobody keeps, and notes what was asked. */
class Probe extends Arithmetic {
  fast = true;
  relative = false;
  needsEncoding = false;
  control: Traits['control'] = 'none';
  loads = false;
  stores = false;
  size: AccessSize | undefined;
  writesRd = false;

  readonly rs1 = i64.const(0n);
  readonly rs2 = i64.const(0n);
  readonly nextPc = i64.const(0n);
  readonly imm: Value = { ...i64.const(0n), role: 'imm' };
  readonly pc: Value = { ...i64.const(0n), role: 'pc' };

  constructor() {
    super(new FunctionBuilder('probe', 0, {}, undefined));
  }
  setRd(_value: Value): void {
    this.writesRd = true;
  }
  load(size: AccessSize, _signed: boolean, _address: Value): Value {
    this.loads = true;
    this.size = size;
    return i64.const(0n);
  }
  store(size: AccessSize, _address: Value, _value: Value): void {
    this.stores = true;
    this.size = size;
  }
  amo(operation: AmoOperation, _size: AtomicSize, _address: Value, _value: Value, _order: Value): Value {
    if (!isNativeAmo(operation)) this.fast = false;
    this.stores = true;
    return i64.const(0n);
  }
  loadReserved(_size: AtomicSize, _address: Value, _order: Value): Value {
    this.fast = false;
    return i64.const(0n);
  }
  storeConditional(_size: AtomicSize, _address: Value, _value: Value, _order: Value): Value {
    this.fast = false;
    return i64.const(0n);
  }
  fenceI(): void {
    this.fast = false;
  }
  branch(_condition: I32, target: Value): void {
    this.control = 'branch';
    this.relative = target.role === 'pc + imm';
  }
  jump(target: Value): void {
    this.control = 'jump';
    this.relative = target.role === 'pc + imm';
  }
  csr(): void {
    this.fast = false;
    this.needsEncoding = true;
  }
  trap(): void {
    this.fast = false;
  }
  ecall(): void {
    this.fast = false;
  }
  system(): void {
    this.fast = false;
    this.needsEncoding = true;
  }
}
