import { Exit } from '../hart/engine.js';
import { Privilege } from '../isa/privilege.js';
import { hartBlock, Watch } from '../memory/map.js';
import type { MachineGlobals } from '../mmu/machine-globals.js';
import { type I32, type I64, i32, i64 } from '../wasm/expression.js';
import type { Callee } from '../wasm/function-builder.js';
import type { ModuleBuilder } from '../wasm/module-builder.js';
import type { Outcome } from './outcome.js';
import { type AccessParameters, isAligned, isPlain, type Quiet, unlessQuiet } from './quiet-access.js';

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
  unlessQuiet(f, machine, quiet, f.params);
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
