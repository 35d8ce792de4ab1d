import type { SharedMemory } from '../../src/memory/shared-memory.js';
import { onStandingThread } from './standing-threads.js';
import type { ToyDuel } from './toy-duels.js';
import type { ToyHart } from './toy-hart.js';

const ENTRY = new URL('./toy-hart.js', import.meta.url);

/** All harts of a toy but hart 0, each in a thread, until the coordinator dismisses them; then it settles. */
export async function toyHarts({ handle, map }: SharedMemory, duel: ToyDuel): Promise<void> {
  const others = map.harts.map((_, hart) => hart).slice(1);
  await Promise.all(others.map((hart) => onStandingThread(ENTRY, { handle, hart, duel } satisfies ToyHart)));
}
