import { Exit } from '../hart/engine.js';
import { PAGE_SIZE } from '../isa/sv39.js';
import { AccessKind, FrameTag, GRANULE_SIZE, hartBlock, Watch } from '../memory/map.js';
import { Op } from '../memory/trace-event.js';
import { frameTag, isReserved, type Resolve } from '../mmu/addresses.js';
import type { MachineGlobals } from '../mmu/machine-globals.js';
import { type I32, type I64, i32, i64 } from '../wasm/expression.js';
import type { Callee, FunctionBuilder } from '../wasm/function-builder.js';
import type { ModuleBuilder } from '../wasm/module-builder.js';
import type { Announce } from './announce.js';
import type { GranuleLocks } from './granule-locks.js';
import { type Outcome, raise } from './outcome.js';
import { loadPlain } from './plain-access.js';
import { type Quiet, tellQuiet } from './quiet-access.js';

const fields = hartBlock.fields;
const BYTE_BITS = 8n;
/** A load or store orders nothing by itself. */
const NO_ORDER = i32.const(0);
const loadParameters = { hart: 'i32', va: 'i64', size: 'i32' } as const;
const storeParameters = { hart: 'i32', va: 'i64', size: 'i32', value: 'i64' } as const;

/** Loads and stores of every kind: after a TLB miss, misaligned, across a page, to a reserved frame. */
export interface MemoryAccess {
  /** The value, zero-extended. */
  readonly load: Callee<typeof loadParameters, 'i64'>;
  readonly store: Callee<typeof storeParameters, undefined>;
}

export interface MemoryParts {
  readonly machine: MachineGlobals;
  readonly outcome: Outcome;
  readonly announce: Announce;
  readonly quiet: Quiet;
  readonly locks: GranuleLocks;
  readonly readAddress: Resolve;
  readonly writeAddress: Resolve;
}

export function buildMemoryAccess(module: ModuleBuilder, parts: MemoryParts): MemoryAccess {
  return { load: buildLoad(module, parts), store: buildStore(module, parts) };
}

/** Bytes from `va` to the end of its page. */
const leftInPage = (va: Parameters<typeof i32.wrap>[0]): I32 =>
  i32.sub(i32.const(PAGE_SIZE), i32.and(i32.wrap(va), i32.const(PAGE_SIZE - 1)));

function buildLoad(module: ModuleBuilder, parts: MemoryParts): MemoryAccess['load'] {
  const { machine, outcome, announce, quiet, readAddress } = parts;
  const f = module.function('load', loadParameters, 'i64');
  const { hart, va, size } = f.params;
  const fault = (): void => {
    raise(f, outcome);
    f.return(i64.const(0n));
  };
  const announced = f.call(announce, { hart, va, size, kind: i32.const(AccessKind.Load), order: NO_ORDER });
  f.if(announced, () => f.return(i64.const(0n)));
  const host = f.let('host', f.call(readAddress, { hart, va }));
  f.if(i32.eqz(host), () => {
    const leave = () => f.return(i64.const(0n));
    const finish = () => f.return(i64.load(hart, fields.busValue.offset));
    onBus(f, { outcome, hart, va, size, kind: AccessKind.Load }, { leave, finish });
    fault();
  });
  const first = f.let('first', leftInPage(va));
  f.if(i32.geU(first, size), () => {
    tellQuiet(f, machine, quiet, Op.Load, { hart, host, size });
    f.if(i32.eq(size, i32.const(8)), () => f.return(i64.load(host)));
    f.if(i32.eq(size, i32.const(4)), () => f.return(i64.load32U(host)));
    f.if(i32.eq(size, i32.const(2)), () => f.return(i64.load16U(host)));
    f.return(i64.load8U(host));
  });
  const rest = f.let('rest', f.call(readAddress, { hart, va: i64.add(va, i64.extendI32U(first)) }));
  f.if(i32.eqz(rest), fault);
  const value = f.local('value', 'i64');
  const i = f.let('i', size);
  f.loop((next) => {
    f.set(i, i32.sub(i, i32.const(1)));
    f.set(value, i64.shl(value, i64.const(BYTE_BITS)));
    f.if(
      i32.ltU(i, first),
      () => f.set(value, i64.or(value, i64.load8U(i32.add(host, i)))),
      () => f.set(value, i64.or(value, i64.load8U(i32.add(rest, i32.sub(i, first))))),
    );
    f.branchIf(i, next);
  });
  f.return(value);
  f.unreachable();
  return f;
}

function buildStore(module: ModuleBuilder, parts: MemoryParts): MemoryAccess['store'] {
  const { machine, outcome, announce, quiet, locks, writeAddress } = parts;
  const f = module.function('store', storeParameters);
  const { hart, va, size, value } = f.params;
  const fault = (): void => {
    raise(f, outcome);
    f.return();
  };
  const announced = f.call(announce, { hart, va, size, kind: i32.const(AccessKind.Store), order: NO_ORDER });
  f.if(announced, () => f.return());
  const host = f.let('host', f.call(writeAddress, { hart, va }));
  f.if(i32.eqz(host), () => {
    f.store(hart, value, fields.busValue.offset);
    const leave = () => f.return();
    onBus(f, { outcome, hart, va, size, kind: AccessKind.Store }, { leave, finish: leave });
    fault();
  });
  const first = f.let('first', leftInPage(va));
  const rest = f.local('rest', 'i32');
  const lock = f.local('lock', 'i32');
  f.if(
    i32.ltU(first, size),
    () => {
      // Both pages are there before a byte is written.
      f.set(rest, f.call(writeAddress, { hart, va: i64.add(va, i64.extendI32U(first)) }));
      f.if(i32.eqz(rest), fault);
    },
    () => {
      const inGranule = i32.and(host, i32.const(GRANULE_SIZE - 1));
      const crosses = i32.gtU(i32.add(inGranule, size), i32.const(GRANULE_SIZE));
      f.if(i32.eqz(i32.and(crosses, i32.ne(isReserved(machine, host), i32.const(0)))), () => {
        noteOwn(f, machine, { hart, host, size, value });
        f.set(lock, f.call(locks.lock, { host }));
        storeSized(f, host, size, value);
        f.run(locks.unlock, { version: lock });
        tellQuiet(f, machine, quiet, Op.Store, { hart, host, size });
        f.return();
      });
    },
  );
  // Byte by byte, each with its own granule and frame.
  const i = f.local('i', 'i32');
  const at = f.local('at', 'i32');
  f.loop((next) => {
    f.if(
      i32.ltU(i, first),
      () => f.set(at, i32.add(host, i)),
      () => f.set(at, i32.add(rest, i32.sub(i, first))),
    );
    f.set(lock, f.call(locks.lock, { host: at }));
    f.store(at, i64.shrU(value, i64.extendI32U(i32.mul(i, i32.const(Number(BYTE_BITS))))), 0, 1);
    f.run(locks.unlock, { version: lock });
    f.set(i, i32.add(i, i32.const(1)));
    f.branchIf(i32.ltU(i, size), next);
  });
  return f;
}

interface OwnStore {
  readonly hart: I32;
  readonly host: I32;
  readonly size: I32;
  readonly value: I64;
}

/** A store of a hart whose accesses are announced, but not this one, which is its own or a quiet one: tells where it stored, and whether something new. */
function noteOwn(f: FunctionBuilder, machine: MachineGlobals, { hart, host, size, value }: OwnStore): void {
  f.if(i32.eq(i32.load(hart, fields.watch.offset), i32.const(Watch.Announce)), () => {
    const tag = f.let('tag', frameTag(machine, host));
    // Pairs with the updates of harts that reserve, which set other bits of the word: none is lost. It orders nothing else.
    f.drop(i32.atomicOr(tag, i32.const(FrameTag.Own)));
    const isNew = f.local('isNew', 'i32');
    for (const bytes of [8, 4, 2, 1] as const)
      f.if(i32.eq(size, i32.const(bytes)), () => {
        const mask = i64.const(BigInt.asIntN(64, (1n << BigInt(bytes * 8)) - 1n));
        f.set(isNew, i64.ne(loadPlain(bytes, false, host), i64.and(value, mask)));
      });
    f.if(isNew, () =>
      f.store(hart, i32.add(i32.load(hart, fields.ownChanges.offset), i32.const(1)), fields.ownChanges.offset),
    );
  });
}

interface BusAccess {
  readonly outcome: Outcome;
  readonly hart: I32;
  readonly va: I64;
  readonly size: I32;
  readonly kind: AccessKind;
}

/**
 * Where the resolve came to a device: leaves the access to the hart the first time, with the outcome `Exit.Bus`, and
 * finishes it once the hart has answered. Goes on where it is a fault: devices take aligned accesses only.
 */
function onBus(
  f: FunctionBuilder,
  { outcome, hart, va, size, kind }: BusAccess,
  { leave, finish }: { leave(): void; finish(): void },
): void {
  const isMisaligned = i32.and(i32.wrap(va), i32.sub(size, i32.const(1)));
  f.if(i32.and(i32.load(hart, fields.busFound.offset), i32.eqz(isMisaligned)), () => {
    f.if(i32.load(hart, fields.busAnswered.offset), () => {
      f.store(hart, i32.const(0), fields.busAnswered.offset);
      finish();
    });
    f.store(hart, i32.const(kind), fields.accessKind.offset);
    f.store(hart, size, fields.accessSize.offset);
    f.setGlobal(outcome, i32.const(Exit.Bus));
    leave();
  });
}

function storeSized(f: FunctionBuilder, host: I32, size: I32, value: Parameters<typeof i32.wrap>[0]): void {
  f.block((done) => {
    for (const bytes of [8, 4, 2] as const)
      f.if(i32.eq(size, i32.const(bytes)), () => {
        f.store(host, value, 0, bytes);
        f.branch(done);
      });
    f.store(host, value, 0, 1);
  });
}
