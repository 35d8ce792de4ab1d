import { KERNBASE } from '../memory/map.js';
import type { SharedMemory } from '../memory/shared-memory.js';
import { type I32, type I64, i32, i64 } from '../wasm/expression.js';
import type { Global } from '../wasm/function-builder.js';
import type { ModuleBuilder } from '../wasm/module-builder.js';

/**
 * What generated code knows about the map of the memory beyond a hart's own area: imported constants, so that one
 * compiled module serves machines of any size, and every hart of them.
 */
const names = ['ramOffset', 'ramSize', 'frameTags', 'granules', 'control', 'firstHart', 'harts', 'busEnd'] as const;

/** Offsets and sizes in bytes, as in `MemoryMap`; `firstHart` is the block of hart 0, `harts` how many there are; below the physical address `busEnd` devices may be. */
export type MachineGlobals = Readonly<Record<(typeof names)[number], Global<'i32'>>>;

export function declareMachineGlobals(module: ModuleBuilder): MachineGlobals {
  const declared = names.map((name) => [name, module.importedGlobal(name, 'i32')] as const);
  return Object.fromEntries(declared) as MachineGlobals;
}

/** The module's imports for this machine. */
export function machineImports({ map, handle }: SharedMemory): Record<string, unknown> {
  const { config, ramOffset, ramSize, frameTags, granules, control, harts } = map;
  const values: Record<keyof MachineGlobals, number> = {
    ramOffset,
    ramSize,
    frameTags,
    granules,
    control,
    firstHart: harts[0]?.block ?? 0,
    harts: harts.length,
    busEnd: config.devices === undefined ? 0 : KERNBASE,
  };
  return { memory: handle.wasm, ...values };
}

const kernbase = i64.const(BigInt(KERNBASE));

/** True when a physical address is outside RAM. */
export function outsideRam(machine: MachineGlobals, pa: I64): I32 {
  return i64.geU(i64.sub(pa, kernbase), i64.extendI32U(machine.ramSize));
}

/** True when a physical address may be a device's, which lie below RAM; never on a machine without devices. */
export function onBus(machine: MachineGlobals, pa: I64): I32 {
  return i64.ltU(pa, i64.extendI32U(machine.busEnd));
}

/** Host address of a physical address in RAM. */
export function hostAddress(machine: MachineGlobals, pa: I64): I32 {
  return i32.add(i32.wrap(i64.sub(pa, kernbase)), machine.ramOffset);
}

/** Physical address, which fits 32 bits, of a host address in RAM. */
export function physicalAddress(machine: MachineGlobals, host: I32): I32 {
  return i32.add(i32.sub(host, machine.ramOffset), i32.const(KERNBASE));
}
