import { Exit } from '../hart/engine.js';
import { hartBlock, Watch } from '../memory/map.js';
import { i32 } from '../wasm/expression.js';
import type { Callee } from '../wasm/function-builder.js';
import type { ModuleBuilder } from '../wasm/module-builder.js';
import type { Outcome } from './outcome.js';

const fields = hartBlock.fields;
const parameters = { hart: 'i32', va: 'i64', size: 'i32', kind: 'i32', order: 'i32' } as const;

/**
 * 1 when the hart is watched and must stop before this access, which is announced then, with the outcome `Exit.Access`.
 * `order`: aq and rl of an atomic access, the sets of a fence.
 */
export type Announce = Callee<typeof parameters, 'i32'>;

/**
 * Only the slow path asks: the entries of a watched hart's TLBs are left to it, so no access is made without it, and
 * the fast loop leaves the fences of a watched hart to it.
 */
export function buildAnnounce(module: ModuleBuilder, outcome: Outcome): Announce {
  const f = module.function('announce', parameters, 'i32');
  const { hart, va, size, kind, order } = f.params;
  f.if(i32.ne(i32.load(hart, fields.watch.offset), i32.const(Watch.Announce)), () => f.return(i32.const(0)));
  f.store(hart, va, fields.value.offset);
  f.store(hart, kind, fields.accessKind.offset);
  f.store(hart, size, fields.accessSize.offset);
  f.store(hart, order, fields.accessOrder.offset);
  f.setGlobal(outcome, i32.const(Exit.Access));
  f.return(i32.const(1));
  f.unreachable();
  return f;
}
