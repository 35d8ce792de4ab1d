/**
 * The small vocabulary in which an instruction row states its meaning.
 *
 * A row's meaning is a function of an `Operations` object; each engine supplies its own. The interpreter lowers
 * operations to WebAssembly over registers in memory, the translator to WebAssembly over registers in locals, and
 * nothing in a row may depend on which. Values are opaque: `V` is a 64-bit integer, `B` a truth value.
 *
 * A value may be used only once, unless it was named by `let`: engines may lower a value to code that computes it.
 */

/** Bytes that a load or store moves. */
export type AccessSize = 1 | 2 | 4 | 8;

/** Widths of the A extension. */
export type AtomicSize = 4 | 8;

/** Atomic memory operations (Unprivileged ISA, chapter "A"). */
export type AmoOperation = 'swap' | 'add' | 'xor' | 'and' | 'or' | 'min' | 'max' | 'minu' | 'maxu';

/** How a Zicsr instruction changes the CSR. */
export type CsrOperation = 'write' | 'set' | 'clear';

/** What a Zicsr instruction changes it by: the value of rs1, or the five-bit immediate in the field of rs1. */
export type CsrSource = 'register' | 'immediate';

/** Privileged instructions that the hart, not the engine, carries out. */
export type SystemOperation = 'mret' | 'sret' | 'wfi' | 'sfence.vma';

export interface Operations<V, B> {
  /** Source registers as named by the row's operands. */
  readonly rs1: V;
  readonly rs2: V;
  /** The decoded immediate, sign-extended to 64 bits (shift amounts and CSR immediates: zero-extended). */
  readonly imm: V;
  /** Virtual address of this instruction. */
  readonly pc: V;
  /** Virtual address of the next instruction in program order: pc + 2 or pc + 4. */
  readonly nextPc: V;

  constant(value: bigint): V;

  add(a: V, b: V): V;
  sub(a: V, b: V): V;
  mul(a: V, b: V): V;
  /** Upper 64 bits of the 128-bit product. */
  mulHighSigned(a: V, b: V): V;
  mulHighUnsigned(a: V, b: V): V;
  mulHighSignedUnsigned(a: V, b: V): V;
  /** Division with RISC-V's results for zero divisors and signed overflow (Unprivileged ISA, table "Semantics for division by zero and division overflow"). */
  divSigned(a: V, b: V): V;
  divUnsigned(a: V, b: V): V;
  remSigned(a: V, b: V): V;
  remUnsigned(a: V, b: V): V;

  and(a: V, b: V): V;
  or(a: V, b: V): V;
  xor(a: V, b: V): V;
  /** Shifts use the low six bits of the amount. */
  shiftLeft(a: V, amount: V): V;
  shiftRightSigned(a: V, amount: V): V;
  shiftRightUnsigned(a: V, amount: V): V;

  /** Low 32 bits, extended to 64. */
  signExtend32(a: V): V;
  zeroExtend32(a: V): V;

  equal(a: V, b: V): B;
  notEqual(a: V, b: V): B;
  lessSigned(a: V, b: V): B;
  lessUnsigned(a: V, b: V): B;
  greaterEqualSigned(a: V, b: V): B;
  greaterEqualUnsigned(a: V, b: V): B;
  /** 1 when true, 0 when false. */
  fromBoolean(condition: B): V;

  /** Names a value so that it may be used more than once; it is computed here, once. */
  let(value: V): V;

  /** Writes the destination register. */
  setRd(value: V): void;

  load(size: AccessSize, signed: boolean, address: V): V;
  store(size: AccessSize, address: V, value: V): void;
  /** Returns the old memory value, sign-extended. `order`, here and below: aq (2) and rl (1). */
  amo(operation: AmoOperation, size: AtomicSize, address: V, value: V, order: V): V;
  loadReserved(size: AtomicSize, address: V, order: V): V;
  /** Returns 0 on success, 1 on failure. */
  storeConditional(size: AtomicSize, address: V, value: V, order: V): V;
  /** `sets`: fm, predecessor and successor set (`ordering.ts`). */
  fence(sets: V): void;
  fenceI(): void;

  /** Continues at `target` when `condition` holds. Ends the row's meaning. */
  branch(condition: B, target: V): void;
  /** Continues at `target`, whose bit 0 is clear. Ends the row's meaning. */
  jump(target: V): void;

  /**
   * Reads the CSR named by the immediate into rd and changes it. Which registers the encoding names decides whether there
   * is a read and a write at all (`csr-access.ts`), so whoever carries this out needs the encoding.
   */
  csr(operation: CsrOperation, source: CsrSource): void;
  /** Raises a synchronous exception; `value` goes to xtval. */
  trap(cause: number, value: V): void;
  /** Environment call: the cause depends on the privilege mode. */
  ecall(): void;
  /** For `sfence.vma` the encoding matters too: x0 is not the same as a register that holds 0 (Privileged ISA §4.2.1). */
  system(operation: SystemOperation): void;
}

/** The meaning of an instruction, stated for any engine. */
export type Meaning = <V, B>(o: Operations<V, B>) => void;
