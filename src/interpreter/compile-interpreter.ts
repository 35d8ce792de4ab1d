import { readFileSync } from 'node:fs';
import { INTERPRETER } from './interpreter-file.js';

let compiled: WebAssembly.Module | undefined;

/**
 * Tier 0 as a module, to be compiled once and posted to the workers: V8 then shares its optimised code between threads, and
 * between the machines of one process.
 */
export function compileInterpreter(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(readFileSync(INTERPRETER));
  return compiled;
}
