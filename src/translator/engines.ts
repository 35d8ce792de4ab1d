import type { EngineFactory } from '../hart/engine.js';
import { createInterpreter } from '../interpreter/interpreter.js';
import { createTranslator, DEFAULT_THRESHOLD, LEAST_THRESHOLD } from './translator.js';

/** Which engine harts have. Structured-cloneable. */
export type EngineChoice =
  | { readonly name: 'interpreter' }
  /** Translates what was jumped to `threshold` times, and interprets the rest. */
  | { readonly name: 'translator'; readonly threshold: number; readonly capacity?: number };

/** Of harts that run freely, when none is named. */
export const DEFAULT_ENGINE: EngineChoice = { name: 'interpreter' };
const MOST_THRESHOLD = 1_000_000_000;

/** `interpreter`, `translator`, or `translator:N` with a threshold of its own. Undefined when it is none of these. */
export function parseEngine(text: string): EngineChoice | undefined {
  if (text === 'interpreter') return { name: 'interpreter' };
  const [, jumps] = /^translator(?::(\d+))?$/.exec(text) ?? [];
  if (jumps === undefined) return text === 'translator' ? { name: text, threshold: DEFAULT_THRESHOLD } : undefined;
  const threshold = Number(jumps);
  const isLegal = threshold >= LEAST_THRESHOLD && threshold <= MOST_THRESHOLD;
  return isLegal ? { name: 'translator', threshold } : undefined;
}

/** `module` comes from `compileInterpreter`: it is part of either engine. */
export function createEngine(choice: EngineChoice, module: WebAssembly.Module): EngineFactory {
  return choice.name === 'interpreter' ? createInterpreter(module) : createTranslator(module, choice);
}
