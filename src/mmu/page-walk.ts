import { Cause } from '../isa/causes.js';
import { csrs } from '../isa/csrs.js';
import { Privilege } from '../isa/privilege.js';
import { Status } from '../isa/status.js';
import { LEVELS, PAGE_SHIFT, PTE_SIZE, PTES_PER_TABLE, Pte, Satp } from '../isa/sv39.js';
import { hartBlock, MARKED_ENTRIES } from '../memory/map.js';
import { type I32, type I64, i32, i64, select } from '../wasm/expression.js';
import type { Callee, FunctionBuilder, Label, Local } from '../wasm/function-builder.js';
import type { ModuleBuilder } from '../wasm/module-builder.js';
import { hostAddress, type MachineGlobals, onBus, outsideRam, physicalAddress } from './machine-globals.js';

/** What an access wants to do; the number is passed to the walk. */
export const Access = { Fetch: 0, Read: 1, Write: 2 } as const;
export type Access = (typeof Access)[keyof typeof Access];

/** The causes of the accesses' faults, in the order of `Access`. */
const pageFaults = [Cause.InstructionPageFault, Cause.LoadPageFault, Cause.StorePageFault];
export const accessFaults = [Cause.InstructionAccessFault, Cause.LoadAccessFault, Cause.StoreAccessFault] as const;
const permissions = [Pte.X, Pte.R, Pte.W];

const INDEX_BITS = Math.log2(PTES_PER_TABLE);
const ADDRESS_BITS = PAGE_SHIFT + LEVELS * INDEX_BITS;
const PPN_SHIFT = 10;
const PPN_BITS = 44;
const ppnMask = (1n << BigInt(PPN_BITS)) - 1n;
/** N, PBMT and the bits that no extension uses: none of them is implemented, so they must be zero. */
const RESERVED = ~((1n << BigInt(PPN_SHIFT + PPN_BITS)) - 1n);
const LEAF = BigInt(Pte.R | Pte.W | Pte.X);
/** Flags that mean nothing in a pointer to the next table, and must be zero there. */
const LEAF_ONLY = BigInt(Pte.A | Pte.D | Pte.U);

const csrOffset = (csr: keyof typeof csrs): number => hartBlock.fields.csr.offset + csrs[csr].slot * 8;
const has = (value: I64, bits: bigint): I32 => i64.ne(i64.and(value, i64.const(bits)), i64.const(0n));
const lacks = (value: I64, bits: bigint): I32 => i64.eqz(i64.and(value, i64.const(bits)));

/** One constant for each kind of access. */
function byAccess(access: I32, [fetch, read, write]: readonly number[]): I32 {
  if (fetch === undefined || read === undefined || write === undefined) throw new Error('one value for each access');
  return select(i32.const(fetch), select(i32.const(read), i32.const(write), isAccess(access, 'Read')), i32.eqz(access));
}
const isAccess = (access: I32, kind: keyof typeof Access): I32 => i32.eq(access, i32.const(Access[kind]));

const parameters = { hart: 'i32', va: 'i64', access: 'i32' } as const;
/** Physical address of `va`, or minus the cause of the fault. */
export type Translate = Callee<typeof parameters, 'i64'>;

/**
 * Virtual address translation (Privileged ISA §4.3.2 and §4.4), without any TLB: reads satp, mstatus and the privilege
 * mode of the hart, walks the table, and sets A and D. Physical addresses outside RAM are access faults, but for loads and
 * stores where devices may be.
 */
export function buildTranslate(module: ModuleBuilder, machine: MachineGlobals): Translate {
  const f = module.function('translate', parameters, 'i64');
  const { hart, va, access } = f.params;
  const status = f.let('status', i64.load(hart, csrOffset('mstatus')));
  const mode = f.let('mode', i32.load(hart, hartBlock.fields.privilege.offset));
  useModifiedPrivilege(f, status, mode, access);
  const satp = f.let('satp', i64.load(hart, csrOffset('satp')));
  const pa = f.local('pa', 'i64');
  f.block((accessFault) => {
    f.block((pageFault) => {
      f.if(
        i32.or(
          i32.eq(mode, i32.const(Privilege.Machine)),
          i64.ne(i64.shrU(satp, i64.const(Satp.modeShift)), i64.const(Satp.sv39)),
        ),
        () => {
          f.branchIf(isNowhere(machine, va, access), accessFault);
          f.return(va);
        },
      );
      const unused = i64.const(BigInt(64 - ADDRESS_BITS));
      f.branchIf(i64.ne(i64.shrS(i64.shl(va, unused), unused), va), pageFault);
      walk(f, machine, { hart, va, access, status, mode, satp, pa }, pageFault, accessFault);
      f.return(pa);
    });
    f.return(i64.extendI32S(i32.sub(i32.const(0), byAccess(access, pageFaults))));
  });
  f.return(i64.extendI32S(i32.sub(i32.const(0), byAccess(access, accessFaults))));
  f.unreachable();
  return f;
}

/** Nothing is executed from a device. */
function isNowhere(machine: MachineGlobals, pa: I64, access: I32): I32 {
  return i32.and(outsideRam(machine, pa), i32.or(isAccess(access, 'Fetch'), i32.eqz(onBus(machine, pa))));
}

/** mstatus.MPRV: loads and stores of machine mode happen as in the mode of MPP. */
function useModifiedPrivilege(f: FunctionBuilder, status: I64, mode: Local<'i32'>, access: I32): void {
  f.if(i32.and(has(status, Status.MPRV), i32.ne(access, i32.const(Access.Fetch))), () =>
    f.set(mode, i32.wrap(i64.shrU(i64.and(status, i64.const(Status.MPP)), i64.const(trailingZeros(Status.MPP))))),
  );
}

function trailingZeros(mask: bigint): bigint {
  return (mask & 1n) === 1n ? 0n : 1n + trailingZeros(mask >> 1n);
}

interface WalkState {
  readonly hart: I32;
  readonly va: I64;
  readonly access: I32;
  readonly status: I64;
  readonly mode: I32;
  readonly satp: I64;
  readonly pa: Local<'i64'>;
}

/** Sets `pa`, or leaves to one of the labels. */
function walk(
  f: FunctionBuilder,
  machine: MachineGlobals,
  state: WalkState,
  pageFault: Label,
  accessFault: Label,
): void {
  const { hart, va, satp, access, pa } = state;
  const shift = f.local('shift', 'i64');
  const table = f.local('table', 'i64');
  const at = f.local('at', 'i32');
  const pte = f.local('pte', 'i64');
  f.loop((restart) => {
    f.set(table, i64.shl(i64.and(satp, i64.const(Satp.ppnMask)), i64.const(BigInt(PAGE_SHIFT))));
    f.set(shift, i64.const(BigInt(ADDRESS_BITS - INDEX_BITS)));
    f.block((leaf) =>
      f.loop((next) => {
        const index = i64.and(i64.shrU(va, shift), i64.const(BigInt(PTES_PER_TABLE - 1)));
        f.set(pa, i64.add(table, i64.mul(index, i64.const(BigInt(PTE_SIZE)))));
        f.branchIf(outsideRam(machine, pa), accessFault);
        f.set(at, hostAddress(machine, pa));
        // Entries are read whole; pairs with the supervisor's stores and other harts' setting of A and D.
        f.set(pte, i64.atomicLoad(at));
        f.branchIf(lacks(pte, BigInt(Pte.V)), pageFault);
        f.branchIf(has(pte, RESERVED), pageFault);
        f.branchIf(i32.and(lacks(pte, BigInt(Pte.R)), has(pte, BigInt(Pte.W))), pageFault);
        f.branchIf(has(pte, LEAF), leaf);
        f.branchIf(has(pte, LEAF_ONLY), pageFault);
        f.branchIf(i64.eq(shift, i64.const(BigInt(PAGE_SHIFT))), pageFault);
        f.set(shift, i64.sub(shift, i64.const(BigInt(INDEX_BITS))));
        f.set(table, frameOf(pte));
        f.branch(next);
      }),
    );
    checkPermissions(f, state, pte, pageFault);

    const offset = i64.sub(i64.shl(i64.const(1n), shift), i64.const(1n));
    f.set(table, frameOf(pte));
    f.branchIf(i64.ne(i64.and(table, offset), i64.const(0n)), pageFault);
    f.set(pa, i64.or(table, i64.and(va, offset)));
    f.branchIf(isNowhere(machine, pa, access), accessFault);

    f.if(i64.ne(shift, i64.const(BigInt(PAGE_SHIFT))), () =>
      f.store(hart, i32.const(1), hartBlock.fields.superpagesCached.offset),
    );

    const marks = f.let('marks', i64.extendI32U(byAccess(access, [Pte.A, Pte.A, Pte.A | Pte.D])));
    f.if(i64.ne(i64.and(pte, marks), marks), () => {
      // Pairs with whoever else changes the entry: if it is not the one that was checked, the walk starts over.
      f.branchIf(i64.ne(i64.atomicCompareExchange(at, pte, i64.or(pte, marks)), pte), restart);
      rememberMark(f, hart, physicalAddress(machine, at));
    });
  });
}

/** The entry goes into the hart's ring of those that the walk has changed. */
function rememberMark(f: FunctionBuilder, hart: I32, entry: I32): void {
  const { marks, markedEntries } = hartBlock.fields;
  const count = f.let('count', i32.load(hart, marks.offset));
  const place = i32.shl(i32.and(count, i32.const(MARKED_ENTRIES - 1)), i32.const(2));
  f.store(i32.add(hart, place), entry, markedEntries.offset);
  f.store(hart, i32.add(count, i32.const(1)), marks.offset);
}

function frameOf(pte: I64): I64 {
  const ppn = i64.and(i64.shrU(pte, i64.const(BigInt(PPN_SHIFT))), i64.const(ppnMask));
  return i64.shl(ppn, i64.const(BigInt(PAGE_SHIFT)));
}

function checkPermissions(f: FunctionBuilder, state: WalkState, pte: Local<'i64'>, pageFault: Label): void {
  const { access, status, mode } = state;
  const user = has(pte, BigInt(Pte.U));
  f.if(
    i32.eq(mode, i32.const(Privilege.User)),
    () => f.branchIf(i32.eqz(user), pageFault),
    // A supervisor never executes user pages, and reads or writes them only while SUM is set.
    () => f.branchIf(i32.and(user, i32.or(isAccess(access, 'Fetch'), lacks(status, Status.SUM))), pageFault),
  );
  const allowed = f.let('allowed', i64.extendI32U(byAccess(access, permissions)));
  f.if(i32.and(isAccess(access, 'Read'), has(status, Status.MXR)), () =>
    f.set(allowed, i64.const(BigInt(Pte.R | Pte.X))),
  );
  f.branchIf(i64.eqz(i64.and(pte, allowed)), pageFault);
}
