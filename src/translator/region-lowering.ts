import { Arithmetic, type Value } from '../interpreter/arithmetic.js';
import { loadPlain, nativeAmo } from '../interpreter/plain-access.js';
import { isNativeAmo } from '../interpreter/probe.js';
import { registerName } from '../isa/registers.js';
import type { AccessSize, AmoOperation, AtomicSize } from '../isa/vocabulary.js';
import { type I32, type I64, i64 } from '../wasm/expression.js';
import type { FunctionBuilder, Local } from '../wasm/function-builder.js';
import type { Instruction } from './flow-graph.js';
import type { PageCaches } from './page-caches.js';
import type { Pointers } from './pointers.js';
import { contains } from './registers.js';

/** Where an access goes on the host. */
export interface HostPlace {
  readonly address: I32;
  readonly offset: number;
}

export interface LoweringParts {
  readonly pages: PageCaches;
  /** Virtual address of the page. */
  readonly page: Local<'i64'>;
  /** Leaves the region to the single step of the instruction that is being lowered when the condition holds. */
  stepIf(condition: I32): void;
}

/** The second lowering of the rows: registers are locals, operands constants. */
export class RegionLowering extends Arithmetic {
  private readonly registers = new Map<number, Local<'i64'>>();
  private fresh: Pointers = { readTlb: 0, writeTlb: 0 };
  private current: Instruction | undefined;
  private place: HostPlace | undefined;
  /** Of the instruction that was lowered last: when it branches, or where it jumps to. */
  condition: I32 | undefined;
  target: Value | undefined;

  constructor(
    f: FunctionBuilder,
    private readonly parts: LoweringParts,
  ) {
    super(f);
  }

  /** `fresh`: before the instruction; `place`: where its access goes, if that is known. */
  lower(instruction: Instruction, fresh: Pointers, place?: HostPlace): void {
    this.current = instruction;
    this.place = place;
    this.fresh = fresh;
    this.releaseLocals();
    instruction.form.meaning(this);
  }

  /** The local of x`number`, which is not x0. */
  register(number: number): Local<'i64'> {
    const known = this.registers.get(number);
    if (known !== undefined) return known;
    const local = this.f.local(registerName(number), 'i64');
    this.registers.set(number, local);
    return local;
  }
  /** The virtual address of an offset in the page. */
  address(offset: number): I64 {
    return i64.add(this.parts.page, i64.const(BigInt(offset)));
  }

  get rs1(): Value {
    return this.source(this.operands.rs1);
  }
  get rs2(): Value {
    return this.source(this.operands.rs2);
  }
  get imm(): Value {
    return { ...i64.const(this.operands.imm), role: 'imm' };
  }
  get pc(): Value {
    return { ...this.address(this.instruction.offset), role: 'pc' };
  }
  get nextPc(): Value {
    return this.address(this.instruction.offset + this.instruction.size);
  }
  setRd(value: Value): void {
    const { rd } = this.operands;
    if (rd !== 0) this.f.set(this.register(rd), value);
  }
  override add(a: Value, b: Value): Value {
    const { offset } = this.instruction;
    if (b.role !== 'imm') return super.add(a, b);
    if (a.role === 'pc') return { ...this.address(offset + Number(this.operands.imm)), role: 'pc + imm' };
    return this.operands.imm === 0n ? a : super.add(a, b);
  }

  load(size: AccessSize, signed: boolean, address: Value): Value {
    const place = this.place ?? this.hitOrStep('readTlb', address, size);
    return this.hold(loadPlain(size, signed, place.address, place.offset));
  }
  store(size: AccessSize, address: Value, value: Value): void {
    const place = this.place ?? this.hitOrStep('writeTlb', address, size);
    this.f.store(place.address, value, place.offset, size);
  }
  amo(operation: AmoOperation, size: AtomicSize, address: Value, value: Value): Value {
    if (!isNativeAmo(operation)) return this.stepOnly();
    return this.hold(nativeAmo(operation, size, this.hitOrStep('writeTlb', address, size).address, value));
  }

  branch(condition: I32): void {
    this.condition = condition;
  }
  jump(target: Value): void {
    this.target = target;
  }

  loadReserved(): Value {
    return this.stepOnly();
  }
  storeConditional(): Value {
    return this.stepOnly();
  }
  fenceI(): void {
    this.stepOnly();
  }
  csr(): void {
    this.stepOnly();
  }
  system(): void {
    this.stepOnly();
  }
  trap(): void {
    this.stepOnly();
  }
  ecall(): void {
    this.stepOnly();
  }

  private get instruction(): Instruction {
    if (this.current === undefined) throw new Error('no instruction is being lowered');
    return this.current;
  }
  private get operands(): Instruction['operands'] {
    return this.instruction.operands;
  }
  private source(register: number): Value {
    return register === 0 ? i64.const(0n) : this.register(register);
  }
  private stepOnly(): never {
    throw new Error(`${this.instruction.form.row.name} has no place in a region`);
  }
  private hitOrStep(side: 'readTlb' | 'writeTlb', address: Value, size: AccessSize): HostPlace {
    const { pages, stepIf } = this.parts;
    const base = this.operands.rs1;
    const fresh = contains(this.fresh[side], base);
    return { address: pages.hostAddress({ side, base, va: this.hold(address), size, fresh }, stepIf), offset: 0 };
  }
}
