import { SharedMemory, type SharedMemoryHandle } from '../../src/memory/shared-memory.js';
import { ControlledAccess } from '../../src/schedule/controlled-access.js';
import { takePartInRuns } from '../../src/schedule/participant.js';
import { Turn } from '../../src/schedule/turn.js';
import { standBy } from './standing-threads.js';
import { type ToyDuel, toyDuels } from './toy-duels.js';

export interface ToyHart {
  readonly handle: SharedMemoryHandle;
  readonly hart: number;
  readonly duel: ToyDuel;
}

/** Thread entry: one hart of a toy machine, for as many runs as the coordinator starts, and then of the next machine. */
standBy(({ handle, hart, duel }: ToyHart) => {
  const memory = SharedMemory.attach(handle);
  const turn = new Turn(memory, hart, { spins: 1000 });
  const access = new ControlledAccess(memory, turn);
  takePartInRuns(memory, turn, () => ({ play: () => toyDuels[duel](access, hart, memory) }));
});
