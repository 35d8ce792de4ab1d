import type { GuestObserver } from '../hart/guest-observer.js';
import type { Hart } from '../hart/hart.js';
import { boardBlock } from '../machine/virt-board.js';
import type { SharedMemory } from '../memory/shared-memory.js';
import { struct } from '../memory/struct.js';
import { AddressSpaces, spacesBlock } from './address-spaces.js';
import { AllocationProbe, FrameOrigins } from './frame-origins.js';

/** What a guest that runs freely and is observed keeps outside RAM, in the region `devices` of the map; behind it, where frames come from. */
const observedBlock = struct('observed guest', {
  /** First, where the board looks for it. */
  board: boardBlock,
  spaces: spacesBlock,
});

const BYTES_PER_MIB = 2 ** 20;

/** Bytes of the region `devices` that it takes. @param memory RAM in MiB */
export function observedSize(memory: number): number {
  return observedBlock.size + FrameOrigins.size(memory * BYTES_PER_MIB);
}

/** What has been seen of a machine with such a region. Each thread has its own. */
export class ObservedGuest {
  readonly spaces: AddressSpaces;
  readonly origins: FrameOrigins;

  constructor(memory: SharedMemory) {
    const { devices } = memory.map;
    this.spaces = new AddressSpaces(memory, devices + observedBlock.fields.spaces.offset);
    this.origins = new FrameOrigins(memory, devices + observedBlock.size);
  }
}

/** Notes what a hart's kernel does, on its thread. @param allocators addresses of the functions that allocate a frame */
export function observe(hart: Hart, allocators: readonly number[]): GuestObserver {
  const { spaces, origins } = new ObservedGuest(hart.memory);
  const probe = new AllocationProbe(hart, allocators, origins);
  return {
    arrived: () => probe.arrived(),
    hasSystem: () => spaces.note(hart),
  };
}
