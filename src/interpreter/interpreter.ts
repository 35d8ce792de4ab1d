import type { Engine, EngineFactory, Exit } from '../hart/engine.js';
import { PAGE_SIZE } from '../isa/sv39.js';
import { machineImports } from '../mmu/machine-globals.js';

/** Virtual addresses whose page numbers fit 32 bits. */
const PAGE_LIMIT = 2 ** 32 * PAGE_SIZE;

interface InterpreterExports {
  run(hart: number): Exit;
  flush_tlb(hart: number): void;
  flush_page(hart: number, page: number): number;
  flush_code(hart: number): void;
}

/**
 * Engines that interpret. `module` comes from `compileInterpreter`. Each engine starts with empty TLBs, and has no state
 * outside the hart's own blocks. This file does not reach the generator, which every hart's thread would have to load.
 */
export function createInterpreter(module: WebAssembly.Module): EngineFactory {
  return (memory, { block }): Engine => {
    const instance = new WebAssembly.Instance(module, { env: machineImports(memory) });
    const { run, flush_tlb, flush_page, flush_code } = instance.exports as unknown as InterpreterExports;
    flush_tlb(block);
    return {
      run: () => run(block),
      flushTlb: (address) => {
        const one = address !== undefined && address >= 0 && address < PAGE_LIMIT;
        if (!one || flush_page(block, address / PAGE_SIZE) === 0) flush_tlb(block);
      },
      flushCode: () => flush_code(block),
    };
  };
}
