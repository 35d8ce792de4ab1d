import { Exit } from '../hart/engine.js';
import type { Cause } from '../isa/causes.js';
import { hartBlock } from '../memory/map.js';
import { type I32, type I64, i32, i64 } from '../wasm/expression.js';
import type { FunctionBuilder, Global } from '../wasm/function-builder.js';
import type { ModuleBuilder } from '../wasm/module-builder.js';

/** What a single step ended with, beside the values of `Exit`. */
export const DONE = -1;

/** What the fast loop leaves with, beside the values of `Exit`: the code at the hart's pc was jumped to often enough to be translated. */
export const HOT = 5;

/**
 * How the slow functions report that the instruction cannot be completed: a variable of the instance, `DONE` while all
 * is well, else an `Exit`.
 */
export type Outcome = Global<'i32'>;

export function declareOutcome(module: ModuleBuilder): Outcome {
  return module.global('outcome', 'i32', BigInt(DONE));
}

/** The hart's cause and value say which exception. */
export function raise(f: FunctionBuilder, outcome: Outcome): void {
  f.setGlobal(outcome, i32.const(Exit.Trap));
}

export function recordTrap(f: FunctionBuilder, hart: I32, cause: I64, value: I64): void {
  f.store(hart, cause, hartBlock.fields.cause.offset);
  f.store(hart, value, hartBlock.fields.value.offset);
}

/** Atomic accesses must be aligned (Unprivileged ISA, chapter "A"). Runs `fault` when `va` is not. */
export function checkAlignment(
  f: FunctionBuilder,
  hart: I32,
  va: I64,
  size: I32,
  cause: typeof Cause.LoadMisaligned | typeof Cause.StoreMisaligned,
  fault: () => void,
): void {
  f.if(i32.and(i32.wrap(va), i32.sub(size, i32.const(1))), () => {
    recordTrap(f, hart, i64.const(BigInt(cause)), va);
    fault();
  });
}
