import { interpreterBytes } from './interpreter-module.js';

/** Tier 0 as a module, to be compiled once and posted to the workers: V8 then shares its optimised code between threads. */
export function compileInterpreter(): WebAssembly.Module {
  return new WebAssembly.Module(interpreterBytes());
}
