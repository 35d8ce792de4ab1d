import { PAGE_SHIFT } from '../isa/sv39.js';
import { FrameTag, hartBlock } from '../memory/map.js';
import { type I32, type I64, i32, i64 } from '../wasm/expression.js';
import type { Callee, FunctionBuilder, Local } from '../wasm/function-builder.js';
import type { ModuleBuilder } from '../wasm/module-builder.js';
import { hostAddress, type MachineGlobals, outsideRam } from './machine-globals.js';
import { Access, accessFaults, type Translate } from './page-walk.js';
import {
  fillTlb,
  hitsSlowly,
  leaveToSlowPath,
  pageOf,
  type TlbSide,
  tlbHostAddress,
  tlbIndex,
  tlbMisses,
} from './tlb.js';

const fields = hartBlock.fields;
const parameters = { hart: 'i32', va: 'i64' } as const;

/**
 * Host address of one byte for an access through the TLBs, or 0 when it faults; the hart's cause and value are set then.
 * A device's registers have no host address: that is a fault too, with `busFound` set.
 * A hit is believed whatever the page table says by now. A miss fills the side that missed, and no other.
 */
export type Resolve = Callee<typeof parameters, 'i32'>;

export function buildReadAddress(module: ModuleBuilder, machine: MachineGlobals, translate: Translate): Resolve {
  const f = module.function('read_address', parameters, 'i32');
  const { hart, va } = f.params;
  const index = returnOnHit(f, 'readTlb', hart, va);
  const host = walkOrFault(f, machine, translate, Access.Read);
  count(f, hart, fields.tlbReadMisses.offset);
  fillTlb(f, 'readTlb', index, va, i32.sub(host, i32.wrap(va)));
  f.if(isWatched(hart), () => leaveToSlowPath(f, 'readTlb', index));
  f.return(host);
  f.unreachable();
  return f;
}

/** Entries for frames that a hart has reserved a granule of are left to the slow path: stores there must be told to the reservation. */
export function buildWriteAddress(module: ModuleBuilder, machine: MachineGlobals, translate: Translate): Resolve {
  const f = module.function('write_address', parameters, 'i32');
  const { hart, va } = f.params;
  const index = returnOnHit(f, 'writeTlb', hart, va);
  const host = walkOrFault(f, machine, translate, Access.Write);
  count(f, hart, fields.tlbWriteMisses.offset);
  fillTlb(f, 'writeTlb', index, va, i32.sub(host, i32.wrap(va)));
  f.if(i32.or(isReserved(machine, host), isWatched(hart)), () => leaveToSlowPath(f, 'writeTlb', index));
  f.return(host);
  f.unreachable();
  return f;
}

/** Host address of the page of code that holds `va`; whoever calls it fills the fetch TLB. */
export function buildFetchPage(module: ModuleBuilder, machine: MachineGlobals, translate: Translate): Resolve {
  const f = module.function('fetch_page', parameters, 'i32');
  const { hart, va } = f.params;
  const host = walkOrFault(f, machine, translate, Access.Fetch);
  count(f, hart, fields.fetchMisses.offset);
  f.return(i32.sub(host, i32.wrap(i64.sub(va, pageOf(va)))));
  f.unreachable();
  return f;
}

/** Address of the tag of the frame that holds the byte at `host`. */
export function frameTag(machine: MachineGlobals, host: I32): I32 {
  const frame = i32.shrU(i32.sub(host, machine.ramOffset), i32.const(PAGE_SHIFT));
  return i32.add(machine.frameTags, i32.shl(frame, i32.const(2)));
}

/** Pairs with the setting of the bit by a hart that reserves: it then waits until this hart has looked at its entries again. */
export function isReserved(machine: MachineGlobals, host: I32): I32 {
  return i32.and(i32.atomicLoad(frameTag(machine, host)), i32.const(FrameTag.Reserved));
}

function returnOnHit(f: FunctionBuilder<typeof parameters, 'i32'>, side: TlbSide, hart: I32, va: I64): Local<'i32'> {
  const index = f.let('index', tlbIndex(hart, va));
  const hits = i32.or(i32.eqz(tlbMisses(side, index, va, 1)), hitsSlowly(side, index, va));
  f.if(hits, () => f.return(tlbHostAddress(side, index, va)));
  return index;
}

/** Not 0 while accesses are announced, or carried out after they were. */
function isWatched(hart: I32): I32 {
  return i32.load(hart, fields.watch.offset);
}

/** The host address; when the walk faults, records the fault and returns 0 from the function. */
function walkOrFault(
  f: FunctionBuilder<typeof parameters, 'i32'>,
  machine: MachineGlobals,
  translate: Translate,
  access: Access,
): Local<'i32'> {
  const { hart, va } = f.params;
  const pa = f.let('pa', f.call(translate, { hart, va, access: i32.const(access) }));
  f.if(i64.ltS(pa, i64.const(0n)), () => {
    f.store(hart, i64.sub(i64.const(0n), pa), fields.cause.offset);
    f.store(hart, va, fields.value.offset);
    f.store(hart, i32.const(0), fields.busFound.offset);
    f.return(i32.const(0));
  });
  if (access !== Access.Fetch)
    f.if(outsideRam(machine, pa), () => {
      // What it is to whoever can do nothing with a device: an atomic instruction, the half of an access that is not aligned.
      f.store(hart, i64.const(BigInt(accessFaults[access])), fields.cause.offset);
      f.store(hart, va, fields.value.offset);
      f.store(hart, i32.const(1), fields.busFound.offset);
      f.store(hart, i32.wrap(pa), fields.busAddress.offset);
      f.return(i32.const(0));
    });
  return f.let('host', hostAddress(machine, pa));
}

function count(f: FunctionBuilder, hart: I32, offset: number): void {
  f.store(hart, i32.add(i32.load(hart, offset), i32.const(1)), offset);
}
