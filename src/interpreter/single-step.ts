import { Exit } from '../hart/engine.js';
import { Cause } from '../isa/causes.js';
import type { AccessSize, AmoOperation, AtomicSize, CsrOperation, CsrSource } from '../isa/vocabulary.js';
import { AccessKind, hartBlock } from '../memory/map.js';
import type { Resolve } from '../mmu/addresses.js';
import { emptyTlb } from '../mmu/tlb.js';
import { type I32, type I64, i32, i64 } from '../wasm/expression.js';
import type { Callee, FunctionBuilder } from '../wasm/function-builder.js';
import type { ModuleBuilder } from '../wasm/module-builder.js';
import type { Announce } from './announce.js';
import type { Value } from './arithmetic.js';
import { type CsrStep, csrOperations } from './csr-step.js';
import { Entry } from './entry.js';
import { EntryOperands } from './entry-operands.js';
import { type Form, FormCode, forms, ILLEGAL_FORM, STRADDLING_FORM } from './forms.js';
import type { GranuleLocks } from './granule-locks.js';
import type { MemoryAccess } from './memory-access.js';
import { checkAlignment, DONE, type Outcome, recordTrap } from './outcome.js';
import { amoInPlace } from './plain-access.js';
import type { Reservations } from './reservations.js';

const fields = hartBlock.fields;

const parameters = { hart: 'i32', entry: 'i32', pc: 'i64' } as const;
/** Executes the entry's instruction, which lies at `pc`: `DONE` with the hart's pc moved on, or an `Exit` with nothing changed. */
export type SingleStep = Callee<typeof parameters, 'i32'>;

export interface StepParts {
  readonly outcome: Outcome;
  readonly announce: Announce;
  readonly access: MemoryAccess;
  readonly reservations: Reservations;
  readonly locks: GranuleLocks;
  readonly writeAddress: Resolve;
  readonly csrStep: CsrStep;
  /** Decodes the instruction at `pc`, the last parcel of its page, into the scratch entry; 0 when its second half faults. */
  readonly straddle: Callee<{ hart: 'i32'; entry: 'i32'; pc: 'i64' }, 'i32'>;
}

/**
 * Every instruction, one at a time, by way of function calls: what the fast loop leaves. It leaves what is rare, what
 * misses the TLB or its conditions, and what only the hart can do.
 */
export function buildSingleStep(module: ModuleBuilder, parts: StepParts): SingleStep {
  const f = module.function('single_step', parameters, 'i32');
  const { hart, entry, pc } = f.params;
  const code = f.let('code', i32.load16U(entry, Entry.form));
  const size = f.let('size', i32.shl(i32.sub(i32.const(2), i32.and(code, i32.const(1))), i32.const(1)));
  f.setGlobal(parts.outcome, i32.const(DONE));
  const lowering = new StepLowering(f, parts, { hart, entry, pc, size });
  const cases = forms.map((form) => () => lowering.lower(form));
  cases[ILLEGAL_FORM] = () => {
    const encoding = i64.extendI32U(i32.load(entry, Entry.last));
    recordTrap(f, hart, i64.const(BigInt(Cause.IllegalInstruction)), encoding);
    f.return(i32.const(Exit.Trap));
  };
  cases[STRADDLING_FORM] = () => {
    f.if(i32.eqz(f.call(parts.straddle, { hart, entry, pc })), () => f.return(i32.const(Exit.Trap)));
    f.return(f.call(f, { hart, entry: i32.add(hart, i32.const(fields.scratchEntry.offset)), pc }));
  };
  f.switch(i32.shrU(code, i32.const(FormCode.indexShift)), cases, () => f.unreachable());
  f.unreachable();
  return f;
}

interface StepLocals {
  readonly hart: I32;
  readonly entry: I32;
  readonly pc: I64;
  readonly size: I32;
}

class StepLowering extends EntryOperands {
  constructor(
    f: FunctionBuilder<typeof parameters, 'i32'>,
    private readonly parts: StepParts,
    private readonly at: StepLocals,
  ) {
    super(f, at.entry);
  }

  /** The form's meaning, then on to the next instruction. */
  lower(form: Form): void {
    this.beginInstruction(form);
    form.meaning(this);
    this.goTo(this.nextPc);
  }

  get pc(): Value {
    return { ...this.at.pc, role: 'pc' };
  }
  get nextPc(): Value {
    return i64.add(this.at.pc, i64.extendI32U(this.at.size));
  }

  load(size: AccessSize, signed: boolean, va: Value): Value {
    const value = this.hold(this.f.call(this.parts.access.load, { hart: this.at.hart, va, size: i32.const(size) }));
    this.leaveUnlessDone();
    return signed ? signExtend(value, size) : value;
  }
  store(size: AccessSize, va: Value, value: Value): void {
    this.f.run(this.parts.access.store, { hart: this.at.hart, va, size: i32.const(size), value });
    this.leaveUnlessDone();
  }
  amo(operation: AmoOperation, size: AtomicSize, address: Value, value: Value, order: Value): Value {
    const { hart } = this.at;
    const va = this.hold(address);
    const trap = (): void => this.leave(Exit.Trap);
    checkAlignment(this.f, hart, va, i32.const(size), Cause.StoreMisaligned, trap);
    this.announce(AccessKind.Update, va, size, order);
    const host = this.hold(this.f.call(this.parts.writeAddress, { hart, va }));
    this.f.if(i32.eqz(host), trap);
    const operand = this.hold(value);
    const lock = this.hold(this.f.call(this.parts.locks.lock, { host }));
    const old = this.hold(i64.const(0n));
    amoInPlace(this.f, operation, size, host, operand, old, (v) => this.hold(v));
    this.f.run(this.parts.locks.unlock, { version: lock });
    return old;
  }
  loadReserved(size: AtomicSize, va: Value, order: Value): Value {
    const operands = { hart: this.at.hart, va, size: i32.const(size), order: i32.wrap(order) };
    const value = this.hold(this.f.call(this.parts.reservations.loadReserved, operands));
    this.leaveUnlessDone();
    return signExtend(value, size);
  }
  storeConditional(size: AtomicSize, va: Value, value: Value, order: Value): Value {
    const operands = { hart: this.at.hart, va, size: i32.const(size), value, order: i32.wrap(order) };
    const failed = this.hold(this.f.call(this.parts.reservations.storeConditional, operands));
    this.leaveUnlessDone();
    return failed;
  }
  override fence(sets: Value): void {
    this.announce(AccessKind.Fence, i64.const(0n), 0, sets);
    super.fence(sets);
  }
  /** The next fetch compares the code with memory. */
  fenceI(): void {
    emptyTlb(this.f, 'fetchTlb', this.at.hart);
  }

  branch(condition: I32, target: Value): void {
    this.f.if(condition, () => this.goTo(target));
  }
  jump(target: Value): void {
    this.goTo(target);
  }
  csr(operation: CsrOperation, source: CsrSource): void {
    const encoding = i32.load(this.at.entry, Entry.last);
    const field = i32.and(i32.shrU(encoding, i32.const(15)), i32.const(0x1f));
    const step = {
      hart: this.at.hart,
      encoding,
      operation: i32.const(csrOperations.indexOf(operation)),
      source: source === 'register' ? this.rs1 : i64.extendI32U(field),
      rd: i32.load(this.at.entry, Entry.first),
    };
    this.f.if(this.f.call(this.parts.csrStep, step), () => this.goTo(this.nextPc));
    this.leaveToHart();
  }
  system(): void {
    this.leaveToHart();
  }
  trap(cause: number, value: Value): void {
    recordTrap(this.f, this.at.hart, i64.const(BigInt(cause)), value);
    this.leave(Exit.Trap);
  }
  ecall(): void {
    // The causes of environment calls follow the numbers of the privilege modes.
    const mode = i32.load(this.at.hart, fields.privilege.offset);
    const cause = i32.add(mode, i32.const(Cause.UserEcall));
    recordTrap(this.f, this.at.hart, i64.extendI32U(cause), i64.const(0n));
    this.leave(Exit.Trap);
  }

  private announce(kind: AccessKind, va: I64, size: number, order: Value): void {
    const access = { hart: this.at.hart, va, size: i32.const(size), kind: i32.const(kind), order: i32.wrap(order) };
    this.f.if(this.f.call(this.parts.announce, access), () => this.leave(Exit.Access));
  }
  private goTo(target: I64): void {
    this.f.store(this.at.hart, target, fields.pc.offset);
    this.leave(DONE);
  }
  private leaveToHart(): void {
    const encoding = i64.extendI32U(i32.load(this.at.entry, Entry.last));
    this.f.store(this.at.hart, encoding, fields.value.offset);
    this.leave(Exit.System);
  }
  private leaveUnlessDone(): void {
    const { outcome } = this.parts;
    this.f.if(i32.ne(outcome, i32.const(DONE)), () => this.returnStatus(outcome));
  }
  private leave(status: number): void {
    this.returnStatus(i32.const(status));
  }
  private returnStatus(status: I32): void {
    (this.f as FunctionBuilder<typeof parameters, 'i32'>).return(status);
  }
}

function signExtend(value: I64, size: AccessSize): I64 {
  return { 1: i64.extend8S, 2: i64.extend16S, 4: i64.extend32S, 8: (v: I64) => v }[size](value);
}
