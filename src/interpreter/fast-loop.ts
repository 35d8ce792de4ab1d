import { Exit } from '../hart/engine.js';
import { PAGE_SIZE } from '../isa/sv39.js';
import type { AccessSize, AmoOperation, AtomicSize } from '../isa/vocabulary.js';
import { hartBlock, PROBE_BITS, Watch } from '../memory/map.js';
import { pageOf, tlbHostAddress, tlbIndex, tlbMisses } from '../mmu/tlb.js';
import { type I32, type I64, i32, i64 } from '../wasm/expression.js';
import type { Callee, FunctionBuilder, Global, Label, Local } from '../wasm/function-builder.js';
import type { ModuleBuilder } from '../wasm/module-builder.js';
import type { Value } from './arithmetic.js';
import { type FetchSlot, findSlot } from './code-slots.js';
import type { DecodeParcel } from './decode.js';
import { COUNTERS, counterAddress, Entry, entryDistance, toBytes, toEntryDistance } from './entry.js';
import { EntryOperands } from './entry-operands.js';
import { FIRST_REGION, type Variant, variants } from './forms.js';
import { DONE, HOT } from './outcome.js';
import { loadPlain, nativeAmo } from './plain-access.js';
import { isNativeAmo } from './probe.js';
import { leftOf, MOST_DEPTH, needsStep, type RegionSignature } from './regions.js';
import type { SingleStep } from './single-step.js';

const fields = hartBlock.fields;
/** Of a parcel in its page. */
const OFFSET_MASK = PAGE_SIZE - 2;

const parameters = { hart: 'i32', stretch: 'i32' } as const;
/** Executes from the hart's pc until about `stretch` instructions are done: an `Exit`, with pc, budget and instret brought up to date. */
export type FastLoop = Callee<typeof parameters, 'i32'>;

export interface FastLoopParts {
  readonly fetchSlot: FetchSlot;
  readonly decodeParcel: DecodeParcel;
  readonly singleStep: SingleStep;
  readonly region: RegionSignature;
  /** How often code is jumped to until it is worth a translation. */
  readonly threshold: Global<'i32'>;
}

interface State {
  readonly hart: Local<'i32'>;
  /** The entry to be executed, or being executed. */
  readonly entry: Local<'i32'>;
  /** Instructions left of the stretch; an instruction is counted when it begins. */
  readonly left: Local<'i32'>;
  /** Instructions that were executed beyond those that are off `left`. */
  readonly uncounted: Local<'i32'>;
  /** What makes a pc of an entry's address: pc = base + entry / 8. Changes with the page. */
  readonly base: Local<'i64'>;
  /** Where to go on: set before a branch to `lookup`, and on leaving. */
  readonly pc: Local<'i64'>;
}

interface Labels {
  /** Goes on at `entry`. */
  readonly next: Label;
  /** Goes on at `entry`, where loops and functions begin: counts how often. */
  readonly count: Label;
  /** Goes on at `pc`, in whatever page. */
  readonly lookup: Label;
  /** Has the single step do the instruction at `entry`. */
  readonly slow: Label;
  /** Leaves because the stretch is used up, at `entry`. */
  readonly pause: Label;
}

/** The address of the instruction at `entry`. */
const pcOf = ({ entry, base }: State): I64 => i64.add(base, i64.extendI32U(toBytes(entry)));

/**
 * The heart of tier 0: a loop around a jump table with one handler for each variant of each form. No handler calls
 * anything: on a TLB miss, and for everything rare, it leaves the instruction to the single step without having changed
 * anything. Instructions are counted one by one; the count is looked at wherever control flow does not simply go on.
 */
export function buildFastLoop(module: ModuleBuilder, parts: FastLoopParts): FastLoop {
  const f = module.function('fast_loop', parameters, 'i32');
  const { hart, stretch } = f.params;
  const state: State = {
    hart,
    entry: f.local('entry', 'i32'),
    left: f.let('left', stretch),
    uncounted: f.local('uncounted', 'i32'),
    base: f.local('base', 'i64'),
    pc: f.let('pc', i64.load(hart, fields.pc.offset)),
  };
  const { entry, left, pc } = state;
  const exit = f.local('exit', 'i32');
  f.block((leave) =>
    f.loop((lookup) => {
      f.block((pause) => {
        f.if(i32.leS(left, i32.const(0)), () => goOnUnlessProbed(f, state, leave), undefined, 'unlikely');
        enterPage(f, parts.fetchSlot, state, () => {
          f.set(exit, i32.const(Exit.Trap));
          f.branch(leave);
        });
        const hot = (): void => {
          f.set(pc, pcOf(state));
          f.set(exit, i32.const(HOT));
          f.branch(leave);
        };
        countJump(f, parts, state, hot);
        f.loop((next) => {
          f.block((slow) => {
            f.block((count) => dispatch(f, parts, state, { next, count, lookup, slow, pause }));
            countJump(f, parts, state, hot);
            f.branch(next);
          });
          f.set(pc, pcOf(state));
          // Who announces an access wants to know where it is made.
          f.store(hart, pc, fields.pc.offset);
          f.set(exit, f.call(parts.singleStep, { hart, entry, pc }));
          f.if(i32.eq(exit, i32.const(DONE)), () => {
            f.set(pc, i64.load(hart, fields.pc.offset));
            f.set(exit, i32.const(Exit.Budget));
            // An access that is not announced is no end of a slice: its jump is.
            f.if(i32.eq(i32.load(hart, fields.watch.offset), i32.const(Watch.Announce)), () => {
              uncount(f, state);
              f.set(state.uncounted, i32.add(state.uncounted, i32.const(1)));
            });
            f.branch(lookup);
          });
          uncount(f, state);
          f.branch(leave);
        });
      });
      f.set(pc, pcOf(state));
      f.branch(lookup);
    }),
  );
  f.store(hart, pc, fields.pc.offset);
  const executed = f.let('executed', i64.extendI32S(i32.add(i32.sub(stretch, left), state.uncounted)));
  f.store(hart, i64.sub(i64.load(hart, fields.budget.offset), executed), fields.budget.offset);
  f.store(hart, i64.add(i64.load(hart, fields.instret.offset), executed), fields.instret.offset);
  f.return(exit);
  f.unreachable();
  return f;
}

/** The instruction that was counted has not been executed after all. */
function uncount(f: FunctionBuilder, { left }: State): void {
  f.set(left, i32.add(left, i32.const(1)));
}

/**
 * The slice is used up: leaves, unless the hart is one that may go on here. Watched harts have slices of one basic block, and
 * most of those lead nowhere that anybody wants to know of.
 */
function goOnUnlessProbed(f: FunctionBuilder, state: State, leave: Label): void {
  const { hart, left, pc, uncounted } = state;
  const jumps = f.let('jumps', i32.load(hart, fields.jumpsLeft.offset));
  f.branchIf(i32.eqz(jumps), leave);
  const bit = f.let('bit', i32.and(i32.shrU(i32.wrap(pc), i32.const(1)), i32.const(PROBE_BITS - 1)));
  const word = i32.add(hart, i32.shl(i32.shrU(bit, i32.const(5)), i32.const(2)));
  const isProbed = i32.and(i32.shrU(i32.load(word, fields.probes.offset), i32.and(bit, i32.const(31))), i32.const(1));
  f.branchIf(isProbed, leave);
  f.store(hart, i32.sub(jumps, i32.const(1)), fields.jumpsLeft.offset);
  f.set(uncounted, i32.add(uncounted, i32.sub(i32.const(1), left)));
  f.set(left, i32.const(1));
}

/** From `pc` to `entry` and `base`, by the fetch TLB. */
function enterPage(f: FunctionBuilder, fetchSlot: FetchSlot, state: State, fault: () => void): void {
  const { hart, pc, entry, base } = state;
  const slot = findSlot(f, fetchSlot, hart, pc, fault);
  f.set(entry, i32.add(slot, toEntryDistance(i32.and(i32.wrap(pc), i32.const(OFFSET_MASK)))));
  f.set(base, i64.sub(pageOf(pc), i64.extendI32U(toBytes(slot))));
}

/** Counts that `entry` was jumped to, unless it is translated; runs `hot` when that was once too often. */
function countJump(f: FunctionBuilder, { threshold }: FastLoopParts, { hart, entry }: State, hot: () => void): void {
  const isTranslated = i32.geU(i32.load16U(entry, Entry.handler), i32.const(FIRST_REGION));
  f.if(i32.eqz(isTranslated), () => {
    const counter = f.let('counter', counterAddress(hart, entry));
    const count = f.let('count', i32.add(i32.load(counter, COUNTERS), i32.const(1)));
    f.if(
      i32.geS(count, threshold),
      () => {
        f.store(counter, i32.const(0), COUNTERS);
        hot();
      },
      undefined,
      'unlikely',
    );
    f.store(counter, count, COUNTERS);
  });
}

/** Executes the instruction at `entry`; ends where the single step takes over. */
function dispatch(f: FunctionBuilder, parts: FastLoopParts, state: State, labels: Labels): void {
  const { entry, left, pc } = state;
  f.set(left, i32.sub(left, i32.const(1)));
  const undecoded = (): void => {
    decodeEntry(f, parts, state);
    uncount(f, state);
    f.branch(labels.next);
  };
  const endOfPage = (): void => {
    uncount(f, state);
    f.set(pc, pcOf(state));
    f.branch(labels.lookup);
  };
  const singleStep = (): void => f.branch(labels.slow);
  const lowering = new FastLowering(f, state, labels);
  const handlers = variants.map((variant) => () => lowering.lower(variant));
  f.switch(i32.load16U(entry, Entry.handler), [undecoded, endOfPage, singleStep, ...handlers], () =>
    runRegion(f, parts, state, labels),
  );
}

function decodeEntry(f: FunctionBuilder, { decodeParcel }: FastLoopParts, state: State): void {
  const offset = i32.and(i32.wrap(pcOf(state)), i32.const(OFFSET_MASK));
  f.run(decodeParcel, { hart: state.hart, entry: state.entry, offset });
}

/** Runs the translated region that begins at `entry`, and those that it leads to. */
function runRegion(f: FunctionBuilder, parts: FastLoopParts, state: State, labels: Labels): void {
  const { region, fetchSlot } = parts;
  const { hart, entry, left, pc } = state;
  uncount(f, state);
  // Of a watched hart every access is announced, and every block is a slice: the instruction that the region begins with is decoded anew.
  f.if(
    i32.load(hart, fields.watch.offset),
    () => {
      f.store(entry, i32.const(0), Entry.handler);
      f.branch(labels.next);
    },
    undefined,
    'unlikely',
  );
  const number = i32.sub(i32.load16U(entry, Entry.handler), i32.const(FIRST_REGION));
  const page = pageOf(pcOf(state));
  const depth = i32.const(MOST_DEPTH);
  const status = f.let('status', f.callIndirect(region, number, { hart, left, page, depth }));
  f.set(left, leftOf(status));
  f.set(pc, i64.load(hart, fields.pc.offset));
  f.branchIf(i32.eqz(needsStep(status)), labels.lookup);
  enterPage(f, fetchSlot, state, () => f.branch(labels.lookup));
  f.if(i32.eqz(i32.load16U(entry, Entry.handler)), () => decodeEntry(f, parts, state));
  f.set(left, i32.sub(left, i32.const(1)));
  f.branch(labels.slow);
}

class FastLowering extends EntryOperands {
  private variant: Variant | undefined;

  constructor(
    f: FunctionBuilder,
    private readonly state: State,
    private readonly labels: Labels,
  ) {
    super(f, state.entry);
  }

  /** The variant's meaning, then on to the next entry. */
  lower(variant: Variant): void {
    this.beginInstruction(variant.form);
    this.variant = variant;
    variant.form.meaning(this);
    this.advance();
  }

  get pc(): Value {
    return { ...pcOf(this.state), role: 'pc' };
  }
  get nextPc(): Value {
    return i64.add(pcOf(this.state), i64.const(BigInt(this.current.size)));
  }
  override setRd(value: Value): void {
    if (!this.current.discards) super.setRd(value);
  }

  load(size: AccessSize, signed: boolean, address: Value): Value {
    const va = this.hold(address);
    const index = this.hitOrSlow('readTlb', va, size);
    const host = tlbHostAddress('readTlb', index, va);
    return this.hold(loadPlain(size, signed, host));
  }
  store(size: AccessSize, address: Value, value: Value): void {
    const va = this.hold(address);
    const index = this.hitOrSlow('writeTlb', va, size);
    this.f.store(tlbHostAddress('writeTlb', index, va), value, 0, size);
  }
  amo(operation: AmoOperation, size: AtomicSize, address: Value, value: Value): Value {
    if (!isNativeAmo(operation)) return this.slowOnly();
    const va = this.hold(address);
    const index = this.hitOrSlow('writeTlb', va, size);
    return this.hold(nativeAmo(operation, size, tlbHostAddress('writeTlb', index, va), value));
  }

  /** A watched hart's is announced. */
  override fence(sets: Value): void {
    this.f.branchIf(i32.load(this.state.hart, fields.watch.offset), this.labels.slow, 'unlikely');
    super.fence(sets);
  }

  branch(condition: I32, target: Value): void {
    this.f.if(condition, () => this.jump(target));
  }
  jump(target: Value): void {
    const { f, state, labels } = this;
    if (this.current.near) {
      const { links } = this.current.form.traits;
      const isCall = links && !this.current.discards;
      const distance = this.hold(i32.load(state.entry, Entry.last));
      f.set(state.entry, i32.add(state.entry, distance));
      f.branchIf(i32.leS(state.left, i32.const(0)), labels.pause, 'unlikely');
      if (!isCall) f.branchIf(i32.gtS(distance, i32.const(0)), labels.next);
      f.branch(labels.count);
      return;
    }
    f.set(state.pc, target);
    f.branch(labels.lookup);
  }

  loadReserved(): Value {
    return this.slowOnly();
  }
  storeConditional(): Value {
    return this.slowOnly();
  }
  fenceI(): void {
    this.slowOnly();
  }
  csr(): void {
    this.slowOnly();
  }
  system(): void {
    this.slowOnly();
  }
  trap(): void {
    this.slowOnly();
  }
  ecall(): void {
    this.slowOnly();
  }

  private get current(): Variant {
    if (this.variant === undefined) throw new Error('no instruction is being lowered');
    return this.variant;
  }
  private slowOnly(): never {
    throw new Error(`${this.current.form.row.name} has no place in the fast loop`);
  }
  private advance(): void {
    const { entry } = this.state;
    this.f.set(entry, i32.add(entry, i32.const(entryDistance(this.current.size))));
    this.f.branch(this.labels.next);
  }
  /** The TLB entry that answers for the access; the instruction is left to the single step when none does. */
  private hitOrSlow(side: 'readTlb' | 'writeTlb', va: I64, size: AccessSize): I32 {
    const index = this.hold(tlbIndex(this.state.hart, va));
    this.f.branchIf(tlbMisses(side, index, va, size), this.labels.slow, 'unlikely');
    return index;
  }
}
