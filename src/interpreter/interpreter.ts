import type { Engine, EngineFactory, Exit } from '../hart/engine.js';
import { PAGE_SIZE } from '../isa/sv39.js';
import { CODE_SLOTS, hartBlock } from '../memory/map.js';
import type { SharedMemory } from '../memory/shared-memory.js';
import { machineImports } from '../mmu/machine-globals.js';
import { HOT } from './outcome.js';

/** Virtual addresses whose page numbers fit 32 bits. */
const PAGE_LIMIT = 2 ** 32 * PAGE_SIZE;
/** The greatest that there is. */
const SELDOM = 0x7fff_ffff;

interface InterpreterExports {
  run(hart: number): Exit | typeof HOT;
  flush_tlb(hart: number): void;
  flush_page(hart: number, page: number): number;
  flush_code(hart: number): void;
  /** For the modules of regions. */
  readonly enter_region: unknown;
  drop_regions(hart: number): void;
  /** Writes the entry of the instruction at `offset` of the page whose slot it lies in. */
  decode_parcel(hart: number, entry: number, offset: number): void;
}

/** An instance of the interpreter for one hart, with empty TLBs. */
export interface InterpreterInstance {
  readonly exports: InterpreterExports;
  flushTlb(address?: number): void;
}

/**
 * @param block the hart's
 * @param regions what `enter_region` and the fast loop call, by number
 * @param threshold jumps to a place until the loop leaves with `HOT`
 */
export function instantiate(
  module: WebAssembly.Module,
  memory: SharedMemory,
  block: number,
  regions: WebAssembly.Table,
  threshold: number,
): InterpreterInstance {
  const instance = new WebAssembly.Instance(module, { env: { ...machineImports(memory), regions, threshold } });
  const exports = instance.exports as unknown as InterpreterExports;
  const flushTlb = (address?: number) => {
    const one = address !== undefined && address >= 0 && address < PAGE_LIMIT;
    if (!one || exports.flush_page(block, address / PAGE_SIZE) === 0) exports.flush_tlb(block);
  };
  flushTlb();
  // Another engine's regions may be marked in what it has decoded, and their numbers mean nothing here.
  for (let slot = 0; slot < CODE_SLOTS; slot++) memory.host.store32(hartBlock.fields.slotFrame.at(block, slot), 0);
  return { exports, flushTlb };
}

/**
 * Engines that interpret. `module` comes from `compileInterpreter`. Each engine starts with empty TLBs, and has no state
 * outside the hart's own blocks. This file does not reach the generator, which every hart's thread would have to load.
 */
export function createInterpreter(module: WebAssembly.Module): EngineFactory {
  return (memory, { block }): Engine => {
    const none = new WebAssembly.Table({ element: 'anyfunc', initial: 0 });
    const { exports, flushTlb } = instantiate(module, memory, block, none, SELDOM);
    return {
      run: () => {
        // Whatever gets hot all the same is interpreted on.
        for (;;) {
          const exit = exports.run(block);
          if (exit !== HOT) return exit;
        }
      },
      flushTlb,
      flushCode: () => exports.flush_code(block),
    };
  };
}
