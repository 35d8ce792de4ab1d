import { AccessKind, hartBlock, MOST_JUMPS, WATCHED_BITS } from '../memory/map.js';
import { DETAIL_SHIFT, EVENT_SIZE, type Op } from '../memory/trace-event.js';
import { type MachineGlobals, physicalAddress } from '../mmu/machine-globals.js';
import { hitsSlowly, tlbHostAddress, tlbIndex, tlbMisses } from '../mmu/tlb.js';
import { type I32, type I64, i32, i64, select } from '../wasm/expression.js';
import type { FunctionBuilder, Global } from '../wasm/function-builder.js';
import type { ModuleBuilder } from '../wasm/module-builder.js';

const fields = hartBlock.fields;
const WORD_SHIFT = 2;
const BITS = 31;

export interface AccessParameters {
  readonly hart: I32;
  readonly va: I64;
  readonly size: I32;
  readonly kind: I32;
}

export const isPlain = ({ kind }: AccessParameters): I32 =>
  i32.or(i32.eq(kind, i32.const(AccessKind.Load)), i32.eq(kind, i32.const(AccessKind.Store)));

/** Such an access lies in one page. */
export const isAligned = ({ va, size }: AccessParameters): I32 =>
  i32.eqz(i32.and(i32.wrap(va), i32.sub(size, i32.const(1))));

/** Leaves the function that announces accesses with 0, for one that need not be. */
export function unlessQuiet(
  f: FunctionBuilder<{ hart: 'i32'; va: 'i64'; size: 'i32'; kind: 'i32'; order: 'i32' }, 'i32'>,
  machine: MachineGlobals,
  quiet: Quiet,
  access: AccessParameters,
): void {
  f.if(i32.load(access.hart, fields.quietLeft.offset), () => {
    f.if(i32.and(isPlain(access), isAligned(access)), () => {
      const host = f.let('host', cachedAddress(f, access));
      f.if(host, () =>
        f.if(isNobodys(machine, access, host), () => {
          f.setGlobal(quiet, i32.const(1));
          f.return(i32.const(0));
        }),
      );
    });
  });
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
