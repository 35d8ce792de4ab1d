import { GRANULE_SIZE, GRANULES } from '../memory/map.js';
import { isReserved } from '../mmu/addresses.js';
import { type MachineGlobals, physicalAddress } from '../mmu/machine-globals.js';
import { type I32, type I64, i32, i64 } from '../wasm/expression.js';
import type { Callee, FunctionBuilder } from '../wasm/function-builder.js';
import type { ModuleBuilder } from '../wasm/module-builder.js';

const VERSION_SIZE = 4;
/** Looks at a locked version before the thread sleeps: the holder has three instructions to go, unless it lost its core. */
const SPINS = 1000;
const SLEEP_NANOSECONDS = 1_000_000n;

/**
 * Versions of reserved granules. A store to a frame that a hart has reserved something in makes the granule's version
 * odd, stores, and makes it even again; a store-conditional does the same in one step from the very version that its
 * load-reserved saw. So it fails after any store in between, also one that put the old value back.
 */
export interface GranuleLocks {
  /** Locks the granule of the byte at `host`; gives the address of its version, or 0 when its frame is not reserved. */
  readonly lock: Callee<{ host: 'i32' }, 'i32'>;
  /** Takes what `lock` gave. */
  readonly unlock: Callee<{ version: 'i32' }, undefined>;
  /** Waits until the granule of `host` is not locked; gives its version. */
  readonly settledVersion: Callee<{ host: 'i32' }, 'i32'>;
}

/** Number of the granule of a physical address; never 0 in RAM. */
export function granuleOf(pa: I32): I32 {
  return i32.shrU(pa, i32.const(Math.log2(GRANULE_SIZE)));
}

/** Address of the version word; granules share words by their low bits. */
export function versionAddress(machine: MachineGlobals, host: I32): I32 {
  const index = i32.and(granuleOf(physicalAddress(machine, host)), i32.const(GRANULES - 1));
  return i32.add(machine.granules, i32.mul(index, i32.const(VERSION_SIZE)));
}

export function buildGranuleLocks(module: ModuleBuilder, machine: MachineGlobals): GranuleLocks {
  const settledVersion = buildSettledVersion(module, machine);

  const lock = module.function('lock_granule', { host: 'i32' } as const, 'i32');
  {
    const { host } = lock.params;
    lock.if(i32.eqz(isReserved(machine, host)), () => lock.return(i32.const(0)));
    const version = lock.let('version', versionAddress(machine, host));
    const even = lock.local('even', 'i32');
    lock.loop((retry) => {
      lock.set(even, lock.call(settledVersion, { host }));
      const locked = i32.atomicCompareExchange(version, even, i32.add(even, i32.const(1)));
      lock.branchIf(i32.ne(locked, even), retry);
    });
    lock.return(version);
    lock.unreachable();
  }

  const unlock = module.function('unlock_granule', { version: 'i32' } as const);
  // An addition, because the supervisor's bulk writes add 2 to versions without looking at the lock.
  unlock.if(unlock.params.version, () => unlock.drop(i32.atomicAdd(unlock.params.version, i32.const(1))));

  return { lock, unlock, settledVersion };
}

function buildSettledVersion(module: ModuleBuilder, machine: MachineGlobals): GranuleLocks['settledVersion'] {
  const f = module.function('settled_version', { host: 'i32' } as const, 'i32');
  const version = f.let('version', versionAddress(machine, f.params.host));
  const value = f.local('value', 'i32');
  const spins = f.local('spins', 'i32');
  f.loop((again) => {
    f.set(value, i32.atomicLoad(version));
    f.if(i32.eqz(i32.and(value, i32.const(1))), () => f.return(value));
    sleepAfterSpins(f, spins, version, value);
    f.branch(again);
  });
  f.unreachable();
  return f;
}

/** Counts one look at the word that holds `value`; from the thousandth on, gives the core away until it changes, a millisecond at most. */
export function sleepAfterSpins(
  f: FunctionBuilder,
  spins: ReturnType<typeof f.local<'i32'>>,
  address: I32,
  value: I32,
): void {
  const timeout: I64 = i64.const(SLEEP_NANOSECONDS);
  f.set(spins, i32.add(spins, i32.const(1)));
  f.if(i32.gtU(spins, i32.const(SPINS)), () => f.drop(i32.atomicWait(address, value, timeout)));
}
