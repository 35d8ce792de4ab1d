import type { SharedMemory } from '../memory/shared-memory.js';
import { MAX_MESSAGE, RunEnd, scheduleBlock, scheduleMap } from './schedule-block.js';
import { RunEnded, type Turn } from './turn.js';

const block = scheduleBlock.fields;

/**
 * One hart's part in one run: waits for its first turn, works, and gives the turn away for good. What the work throws
 * ends the run for everybody and is kept for the coordinator.
 */
export function takePart(memory: SharedMemory, turn: Turn, work: () => void): void {
  const { host } = memory;
  const at = scheduleMap(memory).block;
  try {
    if (turn.await()) {
      work();
      turn.finish();
    }
  } catch (thrown) {
    if (!(thrown instanceof RunEnded)) {
      keepMessage(memory, at, thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown));
      turn.endQuietly(RunEnd.Thrown);
    }
  }
  // Pairs with the coordinator's wait: after the last one has settled nobody touches the run any more.
  block.settled.add(host, at, 1);
  host.unpark(block.settled.at(at), 1);
}

/** A thread's life: one run after the other until the coordinator dismisses it. */
export function takePartInRuns(memory: SharedMemory, turn: Turn, work: () => void): void {
  const at = scheduleMap(memory).block;
  // Pairs with `Coordinator.awaitThreads`: what this thread did to come up is over before the first run.
  block.ready.add(memory.host, at, 1);
  memory.host.unpark(block.ready.at(at), 1);
  while (block.quit.load(memory.host, at) === 0) takePart(memory, turn, work);
}

function keepMessage(memory: SharedMemory, at: number, text: string): void {
  const bytes = new TextEncoder().encode(text).subarray(0, MAX_MESSAGE);
  memory.host.write(block.message.at(at), bytes);
  block.messageLength.store(memory.host, at, bytes.length);
}
