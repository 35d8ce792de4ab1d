import { FrameTag, KERNBASE, PGSIZE } from './map.js';
import type { SharedMemory } from './shared-memory.js';

/** Notes that a hart has stored there what is its own alone, as an engine does that does not announce it (`FrameTag.Own`). */
export function noteOwnStore({ host, map }: SharedMemory, pa: number): void {
  const tag = map.frameTags + Math.floor((pa - KERNBASE) / PGSIZE) * 4;
  // Other bits of the word are set by harts that reserve: pairs with their updates, so that none is lost. It orders nothing else.
  host.atomicOr32(tag, FrameTag.Own);
}

/** The frames (physical addresses) that harts have stored their own in since this was asked last. Nobody runs meanwhile. */
export function takeOwnFrames({ host, map }: SharedMemory): number[] {
  const frames: number[] = [];
  for (let frame = 0; frame < map.ramSize / PGSIZE; frame++) {
    const at = map.frameTags + frame * 4;
    const tag = host.load32(at);
    if ((tag & FrameTag.Own) === 0) continue;
    host.store32(at, tag & ~FrameTag.Own);
    frames.push(KERNBASE + frame * PGSIZE);
  }
  return frames;
}
