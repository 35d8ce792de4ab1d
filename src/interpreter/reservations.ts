import { Exit } from '../hart/engine.js';
import { Cause } from '../isa/causes.js';
import {
  AccessKind,
  controlBlock,
  FrameTag,
  hartArea,
  hartBlock,
  StopRequest,
  TLB_ENTRIES,
  tlbEntry,
} from '../memory/map.js';
import { frameTag, type Resolve } from '../mmu/addresses.js';
import { type MachineGlobals, physicalAddress } from '../mmu/machine-globals.js';
import { addendOffset, leaveToSlowPath, tagOffset } from '../mmu/tlb.js';
import { type I32, i32, i64 } from '../wasm/expression.js';
import type { Callee, FunctionBuilder, Local } from '../wasm/function-builder.js';
import type { ModuleBuilder } from '../wasm/module-builder.js';
import type { Announce } from './announce.js';
import { type GranuleLocks, granuleOf, sleepAfterSpins, versionAddress } from './granule-locks.js';
import { checkAlignment, type Outcome, raise } from './outcome.js';

const fields = hartBlock.fields;
const SETTLED = FrameTag.Reserved | FrameTag.Settled;
const PAGE_OFFSET_MASK = 0xfffn;

const loadParameters = { hart: 'i32', va: 'i64', size: 'i32', order: 'i32' } as const;
const storeParameters = { hart: 'i32', va: 'i64', size: 'i32', value: 'i64', order: 'i32' } as const;

export interface Reservations {
  /** Does what other harts have asked since the hart last looked. To be called on entry to guest code, and often in it. */
  readonly answer: Callee<{ hart: 'i32' }, undefined>;
  /** lr: the value, zero-extended. */
  readonly loadReserved: Callee<typeof loadParameters, 'i64'>;
  /** sc: 0 on success, 1 on failure. */
  readonly storeConditional: Callee<typeof storeParameters, 'i64'>;
}

export interface ReservationParts {
  readonly machine: MachineGlobals;
  readonly outcome: Outcome;
  readonly announce: Announce;
  readonly locks: GranuleLocks;
  readonly readAddress: Resolve;
  readonly writeAddress: Resolve;
}

export function buildReservations(module: ModuleBuilder, parts: ReservationParts): Reservations {
  const dropWrites = buildDropWrites(module, parts.machine);
  const answer = buildAnswer(module, dropWrites);
  const settle = buildSettle(module, parts.machine, dropWrites, answer);
  return {
    answer,
    loadReserved: buildLoadReserved(module, parts, settle),
    storeConditional: buildStoreConditional(module, parts),
  };
}

/** Leaves every write-TLB entry of a reserved frame to the slow path. */
function buildDropWrites(module: ModuleBuilder, machine: MachineGlobals): Callee<{ hart: 'i32' }, undefined> {
  const f = module.function('drop_reserved_writes', { hart: 'i32' } as const);
  const index = f.let('index', f.params.hart);
  const end = f.let('end', i32.add(f.params.hart, i32.const(TLB_ENTRIES * tlbEntry.size)));
  const tag = f.local('tag', 'i64');
  f.loop((next) => {
    f.set(tag, i64.load(index, tagOffset('writeTlb')));
    f.if(i64.eqz(i64.and(tag, i64.const(PAGE_OFFSET_MASK))), () => {
      const host = i32.add(i32.wrap(tag), i32.load(index, addendOffset('writeTlb')));
      f.if(i32.and(i32.atomicLoad(frameTag(machine, host)), i32.const(FrameTag.Reserved)), () =>
        leaveToSlowPath(f, 'writeTlb', index),
      );
    });
    f.set(index, i32.add(index, i32.const(tlbEntry.size)));
    f.branchIf(i32.ltU(index, end), next);
  });
  return f;
}

function buildAnswer(module: ModuleBuilder, dropWrites: Reservations['answer']): Reservations['answer'] {
  const f = module.function('answer_requests', { hart: 'i32' } as const);
  const { hart } = f.params;
  // Pairs with the addition in `settle`: the asker has set the frame's bit before, so the entries are looked at after.
  const request = f.let('request', i32.atomicLoad(hart, fields.request.offset));
  f.if(i32.ne(request, i32.atomicLoad(hart, fields.answered.offset)), () => {
    f.run(dropWrites, { hart });
    // Not before the entries are gone: the asker goes on when it sees this.
    f.atomicStore(hart, request, fields.answered.offset);
    f.drop(i32.atomicNotify(hart, i32.const(-1), fields.answered.offset));
  });
  return f;
}

type Settle = Callee<{ hart: 'i32'; tag: 'i32' }, 'i32'>;

/**
 * Makes sure that no hart stores to the frame, whose tag is at `tag`, without taking the granule's lock. 0 when the
 * machine was aborted meanwhile, 1 otherwise.
 *
 * Each side writes its own word, then reads the other's: this hart adds to `request` and then reads `inGuest`; the other
 * sets `inGuest` and then reads `request`. So either the other one is seen in guest code, and answers within one stretch
 * of the fast loop, or it answers before it stores anything. While this hart waits it answers others, so two harts that
 * ask each other both go on.
 */
function buildSettle(
  module: ModuleBuilder,
  machine: MachineGlobals,
  dropWrites: Reservations['answer'],
  answer: Reservations['answer'],
): Settle {
  const f = module.function('settle', { hart: 'i32', tag: 'i32' } as const, 'i32');
  const { hart, tag } = f.params;
  f.drop(i32.atomicOr(tag, i32.const(FrameTag.Reserved)));
  f.run(dropWrites, { hart });
  const other = f.local('other', 'i32');
  forEachOtherHart(f, machine, hart, other, () => f.drop(i32.atomicAdd(other, i32.const(1), fields.request.offset)));
  const wanted = f.local('wanted', 'i32');
  const answered = f.local('answered', 'i32');
  const spins = f.local('spins', 'i32');
  forEachOtherHart(f, machine, hart, other, () => {
    f.set(wanted, i32.atomicLoad(other, fields.request.offset));
    f.set(spins, i32.const(0));
    f.block((done) =>
      f.loop((again) => {
        f.set(answered, i32.atomicLoad(other, fields.answered.offset));
        f.branchIf(i32.geS(i32.sub(answered, wanted), i32.const(0)), done);
        f.branchIf(i32.eqz(i32.atomicLoad(other, fields.inGuest.offset)), done);
        f.run(answer, { hart });
        // A hart that died answers nobody.
        const stop = i32.atomicLoad(machine.control, controlBlock.fields.stop.offset);
        f.if(i32.eq(stop, i32.const(StopRequest.Abort)), () => f.return(i32.const(0)));
        sleepAfterSpins(f, spins, i32.add(other, i32.const(fields.answered.offset)), answered);
        f.branch(again);
      }),
    );
  });
  f.drop(i32.atomicOr(tag, i32.const(FrameTag.Settled)));
  f.return(i32.const(1));
  f.unreachable();
  return f;
}

function forEachOtherHart(
  f: FunctionBuilder,
  machine: MachineGlobals,
  hart: I32,
  other: Local<'i32'>,
  body: () => void,
): void {
  const end = i32.add(machine.firstHart, i32.mul(machine.harts, i32.const(hartArea.size)));
  f.set(other, machine.firstHart);
  f.loop((next) => {
    f.if(i32.ne(other, hart), body);
    f.set(other, i32.add(other, i32.const(hartArea.size)));
    f.branchIf(i32.ltU(other, end), next);
  });
}

function buildLoadReserved(
  module: ModuleBuilder,
  { machine, outcome, announce, locks, readAddress }: ReservationParts,
  settle: Settle,
): Reservations['loadReserved'] {
  const f = module.function('load_reserved', loadParameters, 'i64');
  const { hart, va, size, order } = f.params;
  const fault = (): void => {
    raise(f, outcome);
    f.return(i64.const(0n));
  };
  checkAlignment(f, hart, va, size, Cause.LoadMisaligned, fault);
  const announced = f.call(announce, { hart, va, size, kind: i32.const(AccessKind.LoadReserved), order });
  f.if(announced, () => f.return(i64.const(0n)));
  const host = f.let('host', f.call(readAddress, { hart, va }));
  f.if(i32.eqz(host), fault);
  const tag = f.let('tag', frameTag(machine, host));
  f.if(i32.ne(i32.and(i32.atomicLoad(tag), i32.const(SETTLED)), i32.const(SETTLED)), () =>
    f.if(i32.eqz(f.call(settle, { hart, tag })), () => {
      f.setGlobal(outcome, i32.const(Exit.Budget));
      f.return(i64.const(0n));
    }),
  );
  const pa = f.let('pa', physicalAddress(machine, host));
  f.store(hart, granuleOf(pa), fields.reservedGranule.offset);
  f.store(hart, pa, fields.reservedAddress.offset);
  // The version before the value: a store in between changes the version that the store-conditional expects.
  f.store(hart, f.call(locks.settledVersion, { host }), fields.reservedVersion.offset);
  f.if(i32.eq(size, i32.const(4)), () => f.return(i64.atomicLoad32U(host)));
  f.return(i64.atomicLoad(host));
  f.unreachable();
  return f;
}

function buildStoreConditional(
  module: ModuleBuilder,
  { machine, outcome, announce, locks, writeAddress }: ReservationParts,
): Reservations['storeConditional'] {
  const f = module.function('store_conditional', storeParameters, 'i64');
  const { hart, va, size, value, order } = f.params;
  const fault = (): void => {
    raise(f, outcome);
    f.return(i64.const(1n));
  };
  checkAlignment(f, hart, va, size, Cause.StoreMisaligned, fault);
  const announced = f.call(announce, { hart, va, size, kind: i32.const(AccessKind.StoreConditional), order });
  f.if(announced, () => f.return(i64.const(1n)));
  const host = f.let('host', f.call(writeAddress, { hart, va }));
  f.if(i32.eqz(host), fault);
  const reserved = f.let('reserved', i32.load(hart, fields.reservedGranule.offset));
  f.store(hart, i32.const(0), fields.reservedGranule.offset);
  const elsewhere = i32.ne(i32.load(hart, fields.reservedAddress.offset), physicalAddress(machine, host));
  f.if(i32.or(i32.eqz(reserved), elsewhere), () => f.return(i64.const(1n)));
  const version = f.let('version', versionAddress(machine, host));
  const seen = f.let('seen', i32.load(hart, fields.reservedVersion.offset));
  const locked = i32.atomicCompareExchange(version, seen, i32.add(seen, i32.const(1)));
  f.if(i32.ne(locked, seen), () => f.return(i64.const(1n)));
  f.if(
    i32.eq(size, i32.const(4)),
    () => f.drop(i64.atomicExchange32(host, value)),
    () => f.drop(i64.atomicExchange(host, value)),
  );
  f.run(locks.unlock, { version });
  f.return(i64.const(0n));
  f.unreachable();
  return f;
}
