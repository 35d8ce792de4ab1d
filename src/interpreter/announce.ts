import { Exit } from '../hart/engine.js';
import { Privilege } from '../isa/privilege.js';
import { AccessKind, hartBlock, MOST_JUMPS, WATCHED_BITS, Watch } from '../memory/map.js';
import { DETAIL_SHIFT, EVENT_SIZE, type Op } from '../memory/trace-event.js';
import { type MachineGlobals, physicalAddress } from '../mmu/machine-globals.js';
import { hitsSlowly, tlbHostAddress, tlbIndex, tlbMisses } from '../mmu/tlb.js';
import { type I32, type I64, i32, i64, select } from '../wasm/expression.js';
import type { Callee, FunctionBuilder, Global } from '../wasm/function-builder.js';
import type { ModuleBuilder } from '../wasm/module-builder.js';
import type { Outcome } from './outcome.js';

const fields = hartBlock.fields;
const parameters = { hart: 'i32', va: 'i64', size: 'i32', kind: 'i32', order: 'i32' } as const;

/**
 * 1 when the hart is watched and must stop before this access, which is announced then, with the outcome `Exit.Access`; not
 * where it is the hart's own.
 * `order`: aq and rl of an atomic access, the sets of a fence.
 */
export type Announce = Callee<typeof parameters, 'i32'>;

/**
 * Only the slow path asks: the entries of a watched hart's TLBs are left to it, so no access is made without it, and
 * the fast loop leaves the fences of a watched hart to it.
 */
export function buildAnnounce(
  module: ModuleBuilder,
  machine: MachineGlobals,
  outcome: Outcome,
  quiet: Quiet,
): Announce {
  const f = module.function('announce', parameters, 'i32');
  const { hart, va, size, kind, order } = f.params;
  f.if(i32.ne(i32.load(hart, fields.watch.offset), i32.const(Watch.Announce)), () => f.return(i32.const(0)));
  f.if(i32.load(hart, fields.mostFrame.offset), () => f.if(isOwn(f.params), () => f.return(i32.const(0))));
  f.if(i32.load(hart, fields.quietLeft.offset), () => {
    f.if(i32.and(isPlain(f.params), isAligned(f.params)), () => {
      const host = f.let('host', cachedAddress(f, f.params));
      f.if(host, () =>
        f.if(isNobodys(machine, f.params, host), () => {
          f.setGlobal(quiet, i32.const(1));
          f.return(i32.const(0));
        }),
      );
    });
  });
  f.store(hart, va, fields.value.offset);
  f.store(hart, kind, fields.accessKind.offset);
  f.store(hart, size, fields.accessSize.offset);
  f.store(hart, order, fields.accessOrder.offset);
  f.setGlobal(outcome, i32.const(Exit.Access));
  f.return(i32.const(1));
  f.unreachable();
  return f;
}

const [SP, FP] = [2, 8] as const;
const WORD_SHIFT = 2;
const BITS = 31;

interface AccessParameters {
  readonly hart: I32;
  readonly va: I64;
  readonly size: I32;
  readonly kind: I32;
}

const isPlain = ({ kind }: AccessParameters): I32 =>
  i32.or(i32.eq(kind, i32.const(AccessKind.Load)), i32.eq(kind, i32.const(AccessKind.Store)));

/** Such an access lies in one page. */
const isAligned = ({ va, size }: AccessParameters): I32 => i32.eqz(i32.and(i32.wrap(va), i32.sub(size, i32.const(1))));

/** Whether the access is to what belongs to the hart alone (`mostFrame`). */
function isOwn(access: AccessParameters): I32 {
  const { hart, va, size } = access;
  const register = (index: number): I64 => i64.load(hart, fields.x.offset + index * fields.x.stride);
  const end = i64.add(va, i64.extendI32U(size));
  const isWithin = (start: I64, limit: I64): I32 => i32.and(i64.geU(va, start), i64.leU(end, limit));
  const frame = i64.sub(register(FP), register(SP));
  const isInFrame = i32.and(
    i64.leU(frame, i64.extendI32U(i32.load(hart, fields.mostFrame.offset))),
    i32.and(isWithin(register(SP), register(FP)), i64.leU(end, i64.load(hart, fields.ownBelow.offset))),
  );
  const isOwnData = isWithin(i64.load(hart, fields.ownStart.offset), i64.load(hart, fields.ownEnd.offset));
  const isSupervisors = i32.ne(i32.load(hart, fields.privilege.offset), i32.const(Privilege.User));
  const isOwns = i32.and(isSupervisors, i32.or(isInFrame, isOwnData));
  return i32.and(i32.and(isPlain(access), isAligned(access)), isOwns);
}

/** Where a cached translation leads; 0: there is none. No walk: what that sets in a page table, others see. */
function cachedAddress(f: FunctionBuilder, { hart, va, kind }: AccessParameters): I32 {
  const index = f.let('entry', tlbIndex(hart, va));
  const found = f.local('found', 'i32');
  f.set(found, i32.const(0));
  for (const [side, of] of [
    ['readTlb', AccessKind.Load],
    ['writeTlb', AccessKind.Store],
  ] as const)
    f.if(i32.eq(kind, i32.const(of)), () => {
      const hits = i32.or(i32.eqz(tlbMisses(side, index, va, 1)), hitsSlowly(side, index, va));
      f.if(hits, () => f.set(found, tlbHostAddress(side, index, va)));
    });
  return found;
}

/**
 * Whether no other hart cares for an aligned access: nobody contends for its words, no idle hart watches them, and the code is
 * none whose accesses are announced all.
 */
function isNobodys(machine: MachineGlobals, { hart, size }: AccessParameters, host: I32): I32 {
  const word = i32.shrU(i32.sub(host, machine.ramOffset), i32.const(WORD_SHIFT));
  // An aligned access has two words at most, side by side.
  const mask = i32.shl(select(i32.const(3), i32.const(1), i32.eq(size, i32.const(8))), i32.and(word, i32.const(BITS)));
  const bits = (at: I32, number: I32): I32 =>
    i32.load(i32.add(at, i32.shl(i32.shrU(number, i32.const(5)), i32.const(2))));
  const contended = i32.and(bits(i32.load(hart, fields.contendedBits.offset), word), mask);
  const hashed = i32.and(word, i32.const(WATCHED_BITS - 1));
  const watched = i32.and(bits(i32.load(hart, fields.watchedBits.offset), hashed), mask);
  const pc = i64.load(hart, fields.pc.offset);
  const isLoud = i32.and(
    i64.geU(pc, i64.load(hart, fields.loudStart.offset)),
    i64.ltU(pc, i64.load(hart, fields.loudEnd.offset)),
  );
  return i32.eqz(i32.or(i32.or(contended, watched), isLoud));
}

/** 1 between the announcement that a quiet access need not make, and its event. */
export type Quiet = Global<'i32'>;

export function declareQuiet(module: ModuleBuilder): Quiet {
  return module.global('quiet', 'i32', 0n);
}

interface MadeAccess {
  readonly hart: I32;
  readonly host: I32;
  readonly size: I32;
}

/** Puts the access that has just been made into the trace, if it was a quiet one. The layout of an event is the schedule's. */
export function tellQuiet(
  f: FunctionBuilder,
  machine: MachineGlobals,
  quiet: Quiet,
  op: Op,
  { hart, host, size }: MadeAccess,
): void {
  f.if(
    quiet,
    () => {
      f.setGlobal(quiet, i32.const(0));
      const at = f.let('at', i32.load(hart, fields.quietEvents.offset));
      const first = f.let('first', i32.load8U(host));
      f.if(i32.eq(size, i32.const(2)), () => f.set(first, i32.load16U(host)));
      f.if(i32.geU(size, i32.const(4)), () => f.set(first, i32.load(host)));
      const head = i32.or(i32.load(hart, fields.quietHead.offset), i32.shl(size, i32.const(DETAIL_SHIFT)));
      const step = f.let('step', i32.load(hart, fields.quietStep.offset));
      f.store(at, i32.or(head, i32.const(op)));
      f.store(at, step, 4);
      f.store(at, physicalAddress(machine, host), 8);
      f.store(at, first, 12);
      f.store(at, first, 16);
      f.store(hart, i32.add(at, i32.const(EVENT_SIZE)), fields.quietEvents.offset);
      f.store(hart, i32.add(step, i32.const(1)), fields.quietStep.offset);
      f.store(hart, i32.sub(i32.load(hart, fields.quietLeft.offset), i32.const(1)), fields.quietLeft.offset);
      f.store(hart, i32.const(MOST_JUMPS), fields.jumpsLeft.offset);
    },
    undefined,
    'unlikely',
  );
}
