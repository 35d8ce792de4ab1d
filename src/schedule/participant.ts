import type { SharedMemory } from '../memory/shared-memory.js';
import { MAX_MESSAGE, MAX_PLACE, RunEnd, scheduleBlock, scheduleMap } from './schedule-block.js';
import { RunEnded, type Turn } from './turn.js';

const block = scheduleBlock.fields;

/** What a hart does in a run. */
export interface Player {
  play(): void;
}

/**
 * One hart's part in one run: waits for its first turn, plays, and gives the turn away for good. What that throws ends the
 * run for everybody and is kept for the coordinator.
 *
 * @param player who plays this time: asked for once the hart has the turn
 */
export function takePart(memory: SharedMemory, turn: Turn, player: () => Player): void {
  const { host } = memory;
  const at = scheduleMap(memory).block;
  try {
    if (turn.await()) {
      player().play();
      turn.finish();
    }
  } catch (thrown) {
    if (!(thrown instanceof RunEnded)) {
      keepThrown(memory, at, thrown);
      turn.endQuietly(RunEnd.Thrown);
    }
  }
  // Pairs with the coordinator's wait: after the last one has settled nobody touches the run any more.
  block.settled.add(host, at, 1);
  host.unpark(block.settled.at(at), 1);
}

/** A thread's life: one run after the other until the coordinator dismisses it. */
export function takePartInRuns(memory: SharedMemory, turn: Turn, player: () => Player): void {
  const at = scheduleMap(memory).block;
  // Pairs with `Coordinator.awaitThreads`: what this thread did to come up is over before the first run.
  block.ready.add(memory.host, at, 1);
  memory.host.unpark(block.ready.at(at), 1);
  while (block.quit.load(memory.host, at) === 0) takePart(memory, turn, player);
}

/** An error may say by a `place` which check threw it; what it says in prose may differ from run to run. */
function keepThrown({ host }: SharedMemory, at: number, thrown: unknown): void {
  const isError = thrown instanceof Error;
  const text = new TextEncoder().encode(isError ? `${thrown.name}: ${thrown.message}` : String(thrown));
  const message = text.subarray(0, MAX_MESSAGE);
  host.write(block.message.at(at), message);
  block.messageLength.store(host, at, message.length);
  const name = isError ? thrown.name : typeof thrown;
  const named = isError && 'place' in thrown ? `${name}: ${thrown.place}` : name;
  const place = new TextEncoder().encode(named).subarray(0, MAX_PLACE);
  host.write(block.place.at(at), place);
  block.placeLength.store(host, at, place.length);
}
