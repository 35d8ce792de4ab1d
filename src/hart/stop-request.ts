import { controlBlock, hartBlock, StopRequest } from '../memory/map.js';
import type { SharedMemory } from '../memory/shared-memory.js';

/**
 * Asks every hart to stop, and wakes those that wait outside the supervisor. A request is only ever raised: a stop does
 * not take an abort back, nor does it lose against a pause that ends at the same moment.
 */
export function requestStop(memory: SharedMemory, request: typeof StopRequest.Stop | typeof StopRequest.Abort): void {
  const { host, map } = memory;
  const { stop, booted, up } = controlBlock.fields;
  for (let seen = stop.load(host, map.control); seen < request; ) {
    const found = stop.compareExchange(host, map.control, seen, request);
    if (found === seen) break;
    seen = found;
  }
  for (const word of [stop, booted, up]) host.unpark(word.at(map.control), map.harts.length);
  for (const { block } of map.harts) {
    hartBlock.fields.doorbell.add(host, block, 1);
    host.unpark(hartBlock.fields.doorbell.at(block), 1);
  }
}

/** Whether the machine has been asked to stop, or to abort. */
export function isStopping(memory: SharedMemory): boolean {
  return controlBlock.fields.stop.load(memory.host, memory.map.control) >= StopRequest.Stop;
}
