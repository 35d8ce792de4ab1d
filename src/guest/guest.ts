import type { SubjectKind } from '../explore/subject.js';
import type { EngineFactory } from '../hart/engine.js';
import type { SharedMemory } from '../memory/shared-memory.js';
import { guestBlock } from './guest-block.js';
import { type GuestConfig, parseGuestConfig } from './guest-config.js';
import { GuestHart } from './guest-hart.js';
import { GuestKernel } from './guest-kernel.js';
import { GuestSubject } from './guest-subject.js';

export const GUEST = 'guest';

/** Subjects that are a kernel image. @param partsFor what it does not know how to make, for a machine */
export function guestKind(
  partsFor: (memory: SharedMemory) => { readonly engine: EngineFactory },
): SubjectKind<GuestConfig> {
  const engineOf = (memory: SharedMemory, hart: number) => partsFor(memory).engine(memory, memory.map.harts[hart]!);
  return {
    kind: GUEST,
    parse: parseGuestConfig,
    shape: ({ harts, memory, disk }) => ({ harts, memory, devices: guestBlock.size, disk: disk?.bytes ?? 0 }),
    open: (config, memory) =>
      new GuestSubject(memory, config, new GuestKernel(config), (hart) => engineOf(memory, hart)),
    hart: (config, memory, id, access) =>
      new GuestHart(memory, id, config, new GuestKernel(config), access, engineOf(memory, id)),
  };
}
