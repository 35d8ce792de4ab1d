import type { Doorbells } from '../hart/doorbells.js';
import type { EngineFactory } from '../hart/engine.js';
import type { ProgramImage } from '../hart/program-image.js';
import { createInterpreter } from '../interpreter/interpreter.js';
import type { SharedMemory } from '../memory/shared-memory.js';
import { SharedDoorbells } from './shared-doorbells.js';
import { userProgram } from './user-programs.js';

/** What a supervisor needs from below and does not know how to make. */
export function hartParts(
  memory: SharedMemory,
  interpreter: WebAssembly.Module,
): { engine: EngineFactory; doorbells: Doorbells; programs: (name: string) => ProgramImage } {
  return {
    engine: createInterpreter(interpreter),
    doorbells: new SharedDoorbells(memory),
    programs: userProgram,
  };
}
