import { threadId } from 'node:worker_threads';
import { controlBlock } from '../../src/memory/map.js';
import { SharedMemory, type SharedMemoryHandle } from '../../src/memory/shared-memory.js';

export interface MeetingTask {
  readonly memory: SharedMemoryHandle;
  readonly hart: number;
}

/** Thread entry (piscina): waits, holding its thread, until all harts of the machine are there. Its thread's number. */
export default function meetingHart(task: MeetingTask): number {
  const { host, map } = SharedMemory.attach(task.memory);
  const { up } = controlBlock.fields;
  up.add(host, map.control, 1);
  for (let there = up.load(host, map.control); there < map.harts.length; there = up.load(host, map.control))
    host.park(up.at(map.control), there);
  return threadId;
}
