import type { DirectAccess } from '../memory/direct-access.js';
import { CAPTURE_BYTES, type ScheduleMap, scheduleBlock } from './schedule-block.js';

const block = scheduleBlock.fields;
/** An entry: step, bytes of text, text (padded to words). */
const HEAD = 8;
/** Frames of the shared-access classes themselves, which are on top of every stack. */
const OWN_FRAMES = /[\\/](schedule|memory)[\\/]/;
const DEEPEST = 12;

/** Writes the kernel's stack at an access where the coordinator can read it; for the run that a report explains. */
export class StackCapture {
  constructor(
    private readonly host: DirectAccess,
    private readonly map: ScheduleMap,
  ) {}

  /** Leaves the caller's stack under the number of the access. Once the area is full, no more. */
  leave(step: number): void {
    const { host, map } = this;
    const text = new TextEncoder().encode(frames(new Error('stack').stack ?? '').join('\n'));
    const at = block.captureLength.load(host, map.block);
    const size = HEAD + Math.ceil(text.length / 4) * 4;
    if (at + size > CAPTURE_BYTES) return;
    host.store32(map.captures + at, step);
    host.store32(map.captures + at + 4, text.length);
    host.write(map.captures + at + HEAD, text);
    block.captureLength.store(host, map.block, at + size);
  }
}

/** `PageMapLock.addMap (kernel/page-sharing/page-map-lock.ts:131)`, innermost first. */
function frames(stack: string): string[] {
  const found: string[] = [];
  for (const line of stack.split('\n').slice(1)) {
    const frame = /^\s+at (?:(\S+(?: \[as \S+\])?) \()?(?:file:\/\/)?([^)]+?):(\d+):\d+\)?$/.exec(line);
    if (frame === null) continue;
    const [, name = '(anonymous)', file = '', row] = frame;
    if (OWN_FRAMES.test(file)) continue;
    const inKernel = /(?:dist[\\/])?(kernel[\\/].*)$/.exec(file);
    if (inKernel === null || found.length >= DEEPEST) break;
    found.push(`${name} (${inKernel[1]}:${row})`);
  }
  return found;
}

export function readStacks(host: DirectAccess, map: ScheduleMap, length: number): Map<number, readonly string[]> {
  const stacks = new Map<number, readonly string[]>();
  for (let at = 0; at < length; ) {
    const bytes = host.load32(map.captures + at + 4);
    const text = new TextDecoder().decode(host.read(map.captures + at + HEAD, bytes));
    stacks.set(host.load32(map.captures + at), text === '' ? [] : text.split('\n'));
    at += HEAD + Math.ceil(bytes / 4) * 4;
  }
  return stacks;
}
