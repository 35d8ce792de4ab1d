import { isNamed, STACK_LIMIT, supervisorFrames } from '../memory/call-stack.js';
import type { DirectAccess } from '../memory/direct-access.js';
import { takePart } from './participant.js';
import { CAPTURE_BYTES, type ScheduleMap, scheduleBlock } from './schedule-block.js';

const block = scheduleBlock.fields;
/** An entry: step, bytes of text, text (padded to words). */
const HEAD = 8;
const DEEPEST = 10;

/** Writes the supervisor's stack at an access where the coordinator can read it; for the run that a report explains. */
export class StackCapture {
  /** @param access the class whose method an access is, which is none of the supervisor's */
  constructor(
    private readonly host: DirectAccess,
    private readonly map: ScheduleMap,
    private readonly access: { readonly name: string },
  ) {}

  /** Leaves the caller's stack, `PageMapLock.addMap (kernel/page-sharing/page-map-lock.ts:131)` and so on, innermost first, under the number of the access. Once the area is full, no more. */
  leave(step: number): void {
    this.leaveLines(step, this.ofJavaScript());
  }

  /** The same with a stack that is none of JavaScript's. */
  leaveLines(step: number, lines: readonly string[]): void {
    const { host, map } = this;
    const text = new TextEncoder().encode(lines.slice(0, DEEPEST).join('\n'));
    const at = block.captureLength.load(host, map.block);
    const size = HEAD + Math.ceil(text.length / 4) * 4;
    if (at + size > CAPTURE_BYTES) return;
    host.store32(map.captures + at, step);
    host.store32(map.captures + at + 4, text.length);
    host.write(map.captures + at + HEAD, text);
    block.captureLength.store(host, map.block, at + size);
  }

  private ofJavaScript(): string[] {
    const frames = supervisorFrames(wholeStack(), takePart, [this.access, StackCapture]);
    const named = frames.filter(isNamed);
    return named.map(({ name, file, line }) => `${name} (${file}:${line})`);
  }
}

function wholeStack(): string {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = STACK_LIMIT;
  const taken: { stack?: string } = {};
  Error.captureStackTrace(taken, wholeStack);
  Error.stackTraceLimit = before;
  return taken.stack ?? '';
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
