import { ATOMIC_PREFIX, type Expression, type I32, memoryArgument, type ValueType } from './expression.js';
import { signed, sized, unsigned, vector } from './leb128.js';

export const TYPE_CODES: Readonly<Record<ValueType, number>> = { i32: 0x7f, i64: 0x7e };
const NO_RESULT = 0x40;

const opcode = {
  unreachable: 0x00,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  returnCall: 0x12,
  returnCallIndirect: 0x13,
  drop: 0x1a,
  localGet: 0x20,
  localSet: 0x21,
  globalGet: 0x23,
  globalSet: 0x24,
  i32Store: 0x36,
  i64Store: 0x37,
  i64Store8: 0x3c,
  i64Store16: 0x3d,
  i64Store32: 0x3e,
} as const;
const ATOMIC_FENCE = 0x03;
const I32_ATOMIC_STORE = 0x17;
const MISC_PREFIX = 0xfc;
const MEMORY_COPY = 0x0a;
const MEMORY_FILL = 0x0b;

/** A local variable or parameter: an expression for its value, and what `set` assigns. */
export class Local<T extends ValueType> implements Expression<T> {
  readonly code: readonly number[];
  constructor(
    readonly name: string,
    readonly type: T,
    readonly index: number,
  ) {
    this.code = [opcode.localGet, ...unsigned(index)];
  }
}

/** A global variable: an expression for its value, and what `setGlobal` assigns. */
export class Global<T extends ValueType> implements Expression<T> {
  readonly code: readonly number[];
  constructor(
    readonly name: string,
    readonly type: T,
    readonly index: number,
  ) {
    this.code = [opcode.globalGet, ...unsigned(index)];
  }
}

/** Where a branch goes: the end of a block, or the start of a loop. Valid inside it only. */
export class Label {
  constructor(
    /** How many structures were open when this one was opened. */
    readonly depth: number,
  ) {}
}

/** Which way a condition usually goes; engines that know `metadata.code.branch_hint` lay their code out by it. */
export type Hint = 'likely' | 'unlikely';

export type ParameterTypes = Readonly<Record<string, ValueType>>;
export type Parameters<P extends ParameterTypes> = { readonly [K in keyof P]: Local<P[K]> };
type Arguments<P extends ParameterTypes> = { readonly [K in keyof P]: Expression<P[K]> };
/** A function's result; `undefined` when it has none. */
export type ResultType = ValueType | undefined;

/** What a caller must know. */
export interface Callee<P extends ParameterTypes = ParameterTypes, R extends ResultType = ResultType> {
  readonly name: string;
  readonly index: number;
  readonly parameters: P;
  readonly result: R;
}

/** What a function that is reached through the table takes and gives. */
export interface Signature<P extends ParameterTypes = ParameterTypes, R extends ResultType = ResultType> {
  /** Of its type. */
  readonly index: number;
  readonly parameters: P;
  readonly result: R;
}

export interface BranchHint {
  /** Offset of the branching instruction from the start of the body. */
  readonly offset: number;
  readonly hint: Hint;
}

/** Writes one function's body, statement by statement. */
export class FunctionBuilder<P extends ParameterTypes = ParameterTypes, R extends ResultType = ResultType>
  implements Callee<P, R>
{
  readonly params: Parameters<P>;
  readonly locals: Local<ValueType>[] = [];
  private readonly code: number[] = [];
  private readonly hints: BranchHint[] = [];
  private depth = 0;

  constructor(
    readonly name: string,
    readonly index: number,
    readonly parameters: P,
    readonly result: R,
  ) {
    const params = Object.entries(parameters).map(([local, type], i) => [local, new Local(local, type, i)] as const);
    this.params = Object.fromEntries(params) as Parameters<P>;
    this.locals.push(...params.map(([, local]) => local));
  }

  /** A new local variable; it starts at 0 when the function is entered, and keeps its value around a loop. */
  local<T extends ValueType>(name: string, type: T): Local<T> {
    const local = new Local(name, type, this.locals.length);
    this.locals.push(local);
    return local;
  }
  /** A new local that holds the value, computed here. */
  let<T extends ValueType>(name: string, value: Expression<T>): Local<T> {
    const local = this.local(name, value.type);
    this.set(local, value);
    return local;
  }
  set<T extends ValueType>(local: Local<T>, value: Expression<T>): void {
    this.emit(value.code, [opcode.localSet], unsigned(local.index));
  }
  setGlobal<T extends ValueType>(global: Global<T>, value: Expression<T>): void {
    this.emit(value.code, [opcode.globalSet], unsigned(global.index));
  }

  /** Runs `body`; a branch to its label leaves the block. */
  block(body: (label: Label) => void): void {
    this.structure(opcode.block, body);
  }
  /** Runs `body` once; a branch to its label starts over. */
  loop(body: (label: Label) => void): void {
    this.structure(opcode.loop, body);
  }
  if(condition: I32, then: () => void, otherwise?: () => void, hint?: Hint): void {
    this.emit(condition.code);
    this.hint(hint);
    this.emit([opcode.if, NO_RESULT]);
    this.depth++;
    then();
    if (otherwise !== undefined) {
      this.emit([opcode.else]);
      otherwise();
    }
    this.depth--;
    this.emit([opcode.end]);
  }
  branch(label: Label): void {
    this.emit([opcode.br], this.relative(label));
  }
  branchIf(condition: I32, label: Label, hint?: Hint): void {
    this.emit(condition.code);
    this.hint(hint);
    this.emit([opcode.brIf], this.relative(label));
  }
  /** Goes to `labels[index]`, or to `otherwise` when the index is outside. */
  branchTable(index: I32, labels: readonly Label[], otherwise: Label): void {
    this.emit(index.code, [opcode.brTable], vector(labels.map((l) => this.relative(l))), this.relative(otherwise));
  }
  /**
   * `switch` by number: runs the body of `cases[index]` (no falling through), or `otherwise` when the index is outside.
   * One jump table; case i's body is laid out in order.
   */
  switch(index: I32, cases: readonly (() => void)[], otherwise: () => void): void {
    this.block((done) => {
      const labels: Label[] = [];
      const open = (remaining: number): void => {
        if (remaining > 0) {
          this.block((label) => {
            labels.push(label);
            open(remaining - 1);
          });
          // The block that was opened last ends first, and belongs to case 0.
          cases[remaining - 1]?.();
          this.branch(done);
          return;
        }
        this.block((fallback) => this.branchTable(index, labels.toReversed(), fallback));
        otherwise();
        this.branch(done);
      };
      open(cases.length);
    });
  }
  return(...value: R extends ValueType ? [Expression<R>] : []): void {
    this.emit(value[0]?.code ?? [], [opcode.return]);
  }
  unreachable(): void {
    this.emit([opcode.unreachable]);
  }

  /** Calls for the result. */
  call<Q extends ParameterTypes, T extends ValueType>(callee: Callee<Q, T>, values: Arguments<Q>): Expression<T> {
    return { type: callee.result, code: this.callCode(callee, values) };
  }
  /** Calls a function without a result. */
  run<Q extends ParameterTypes>(callee: Callee<Q, undefined>, values: Arguments<Q>): void {
    this.emit(this.callCode(callee, values));
  }
  /** Calls entry number `entry` of the module's table; traps where that is of another signature. */
  callIndirect<Q extends ParameterTypes, T extends ValueType>(
    signature: Signature<Q, T>,
    entry: I32,
    values: Arguments<Q>,
  ): Expression<T> {
    return { type: signature.result, code: indirectCode(opcode.callIndirect, signature, entry, values) };
  }
  /** Returns what the callee returns; this function's frame is gone by then (tail calls proposal). */
  tailCall<Q extends ParameterTypes>(callee: Callee<Q, R>, values: Arguments<Q>): void {
    this.emit(argumentCode(callee, values), [opcode.returnCall], unsigned(callee.index));
  }
  tailCallIndirect<Q extends ParameterTypes>(signature: Signature<Q, R>, entry: I32, values: Arguments<Q>): void {
    this.emit(indirectCode(opcode.returnCallIndirect, signature, entry, values));
  }
  /** Computes a value for its effects. */
  drop(value: Expression<ValueType>): void {
    this.emit(value.code, [opcode.drop]);
  }

  /** Stores the value's low `bytes` bytes (all of an i32). */
  store(address: I32, value: Expression<'i32'>, offset?: number): void;
  store(address: I32, value: Expression<'i64'>, offset?: number, bytes?: 1 | 2 | 4 | 8): void;
  store(address: I32, value: Expression<ValueType>, offset = 0, bytes: 1 | 2 | 4 | 8 = 8): void {
    const wide = { 1: opcode.i64Store8, 2: opcode.i64Store16, 4: opcode.i64Store32, 8: opcode.i64Store }[bytes];
    const code = value.type === 'i32' ? opcode.i32Store : wide;
    this.emit(address.code, value.code, [code], memoryArgument(0, offset));
  }
  atomicStore(address: I32, value: I32, offset = 0): void {
    this.emit(address.code, value.code, [ATOMIC_PREFIX, I32_ATOMIC_STORE], memoryArgument(2, offset));
  }
  atomicFence(): void {
    this.emit([ATOMIC_PREFIX, ATOMIC_FENCE, 0]);
  }
  memoryCopy(to: I32, from: I32, bytes: I32): void {
    this.emit(to.code, from.code, bytes.code, [MISC_PREFIX, MEMORY_COPY, 0, 0]);
  }
  memoryFill(at: I32, byte: I32, bytes: I32): void {
    this.emit(at.code, byte.code, bytes.code, [MISC_PREFIX, MEMORY_FILL, 0]);
  }

  /** The entry of the code section, and the hints that go with it. */
  finish(): { body: number[]; hints: readonly BranchHint[] } {
    const declared = this.locals.slice(Object.keys(this.parameters).length);
    const runs: { type: ValueType; count: number }[] = [];
    for (const { type } of declared) {
      const last = runs.at(-1);
      if (last?.type === type) last.count++;
      else runs.push({ type, count: 1 });
    }
    const locals = vector(runs.map(({ type, count }) => [...unsigned(count), TYPE_CODES[type]]));
    return {
      body: sized(locals.concat(this.code, opcode.end)),
      hints: this.hints.map(({ offset, hint }) => ({ offset: offset + locals.length, hint })),
    };
  }

  private callCode(callee: Callee, values: Values): number[] {
    return [...argumentCode(callee, values), opcode.call, ...unsigned(callee.index)];
  }
  private structure(code: number, body: (label: Label) => void): void {
    const label = new Label(this.depth);
    this.emit([code, NO_RESULT]);
    this.depth++;
    body(label);
    this.depth--;
    this.emit([opcode.end]);
  }
  private relative(label: Label): number[] {
    const levels = this.depth - label.depth - 1;
    if (levels < 0) throw new Error(`${this.name}: a branch to a block that was closed`);
    return unsigned(levels);
  }
  private hint(hint: Hint | undefined): void {
    if (hint !== undefined) this.hints.push({ offset: this.code.length, hint });
  }
  private emit(...parts: (readonly number[])[]): void {
    for (const part of parts) this.code.push(...part);
  }
}

type Values = Readonly<Record<string, Expression<ValueType>>>;

function argumentCode({ parameters }: { readonly parameters: ParameterTypes }, values: Values): number[] {
  return Object.entries(parameters).flatMap(([parameter, type]) => {
    const value = values[parameter];
    if (value?.type !== type) throw new TypeError(`${parameter} must be ${type}`);
    return value.code;
  });
}

/** There is one table, number 0. */
function indirectCode(code: number, signature: Signature, entry: I32, values: Values): number[] {
  return [...argumentCode(signature, values), ...entry.code, code, ...unsigned(signature.index), 0];
}

/** The constant expression of a global's initial value. */
export function initializer(type: ValueType, value: bigint): number[] {
  return [type === 'i32' ? 0x41 : 0x42, ...signed(value), opcode.end];
}
