import { KernelEvent, type Question, type SharedAccess } from '../memory/access.js';
import type { DirectAccess } from '../memory/direct-access.js';
import { type HartMap, hartBlock } from '../memory/map.js';
import type { SharedMemory } from '../memory/shared-memory.js';
import {
  EVENT_SIZE,
  frameTold,
  ghostOf,
  isAccess,
  isAtomic,
  isWrite,
  Op,
  Order,
  reachOf,
} from '../memory/trace-event.js';
import type { AccessMode } from './coherence.js';
import type { WaitedWord } from './hart-turns.js';
import { ContendedWords, RunEnd, scheduleMap, TRACE_WORDS } from './schedule-block.js';
import { StackCapture } from './stack-capture.js';
import { guestDetail, writeEvent } from './trace.js';
import { RunEnded, type Turn } from './turn.js';

/** In the place of a fill's byte, for a bulk write whose bytes differ. */
const COPIED = 0xffff_ffff;

/** Accesses of guest code. A successful sc is an update. */
export type UserOp = typeof Op.Load | typeof Op.Store | typeof Op.AtomicLoad | typeof Op.AtomicUpdate;

/** Shared memory under a controlled schedule: each access is a point, then happens, then stands in the trace. */
export class ControlledAccess implements SharedAccess {
  private readonly ram: DirectAccess;
  private readonly host: DirectAccess;
  private readonly trace: number;
  private readonly traceLimit: number;
  private readonly bits: number;
  private readonly stacks: StackCapture;
  private readonly contended: ContendedWords;
  /** The functions that the hart is in, innermost first, where the supervisor is guest code and has no stack in JavaScript. */
  guestStack: (() => readonly string[]) | undefined;

  constructor(
    memory: SharedMemory,
    readonly turn: Turn,
  ) {
    this.ram = memory.ram;
    this.host = memory.host;
    const map = scheduleMap(memory);
    this.trace = map.trace;
    this.bits = map.contendedBits;
    this.traceLimit = map.traceLimit;
    this.contended = new ContendedWords(memory.host, map);
    this.stacks = new StackCapture(memory.host, map, ControlledAccess);
  }

  load8(address: number): number {
    this.point(address, 1, 'read');
    const value = this.ram.load8(address);
    this.log(Op.Load, 1, address, value, value);
    return value;
  }
  store8(address: number, value: number): void {
    this.point(address, 1, 'write');
    this.ram.store8(address, value);
    this.log(Op.Store, 1, address, value, value);
  }
  load32(address: number): number {
    this.point(address, 4, 'read');
    const value = this.ram.load32(address);
    this.log(Op.Load, 4, address, value, value);
    return value;
  }
  store32(address: number, value: number): void {
    this.point(address, 4, 'write');
    this.ram.store32(address, value);
    this.log(Op.Store, 4, address, value, value);
  }
  load64(address: number): number {
    this.point(address, 8, 'read');
    const value = this.ram.load64(address);
    this.log(Op.Load, 8, address, value, value);
    return value;
  }
  store64(address: number, value: number): void {
    this.point(address, 8, 'write');
    this.ram.store64(address, value);
    this.log(Op.Store, 8, address, value, value);
  }

  count64(address: number, by: number): void {
    this.ram.count64(address, by);
  }
  stamp32(address: number, kept: number, value: number): number {
    return this.ram.stamp32(address, kept, value);
  }

  atomicLoad32(address: number): number {
    this.point(address, 4, 'read');
    const value = this.ram.atomicLoad32(address);
    this.log(Op.AtomicLoad, 4, address, value, value);
    return value;
  }
  atomicStore32(address: number, value: number): void {
    this.point(address, 4, 'write');
    this.ram.atomicStore32(address, value);
    this.log(Op.AtomicStore, 4, address, value, value);
  }
  atomicAdd32(address: number, value: number): number {
    this.point(address, 4, 'update');
    return this.updated(address, this.ram.atomicAdd32(address, value));
  }
  atomicOr32(address: number, value: number): number {
    this.point(address, 4, 'update');
    return this.updated(address, this.ram.atomicOr32(address, value));
  }
  atomicAnd32(address: number, value: number): number {
    this.point(address, 4, 'update');
    return this.updated(address, this.ram.atomicAnd32(address, value));
  }
  atomicExchange32(address: number, value: number): number {
    this.point(address, 4, 'update');
    return this.updated(address, this.ram.atomicExchange32(address, value));
  }
  atomicCompareExchange32(address: number, expected: number, value: number): number {
    this.point(address, 4, 'update');
    const old = this.ram.atomicCompareExchange32(address, expected, value);
    if (old === expected) return this.updated(address, old);
    // It has only read.
    this.log(Op.AtomicLoad, 4, address, old, old);
    return old;
  }

  copy(to: number, from: number, bytes: number): void {
    this.point(from, bytes, 'read');
    this.log(Op.BulkRead, 0, from, bytes, bytes);
    // The bytes are read and written between two points; the second lets another hart run before they are written.
    const data = this.ram.read(from, bytes);
    this.write(to, data);
  }
  fill(address: number, byte: number, bytes: number): void {
    this.point(address, bytes, 'write');
    this.ram.fill(address, byte, bytes);
    this.log(Op.BulkWrite, 0, address, bytes, byte);
  }
  read(address: number, bytes: number): Uint8Array {
    this.point(address, bytes, 'read');
    const data = this.ram.read(address, bytes);
    this.log(Op.BulkRead, 0, address, bytes, bytes);
    return data;
  }
  write(address: number, data: Uint8Array): void {
    this.point(address, data.length, 'write');
    this.ram.write(address, data);
    this.log(Op.BulkWrite, 0, address, data.length, COPIED);
  }

  spinWhile(address: number, value: number, looks = 1): number {
    // Who does not look goes on at once where time passes, however often; elsewhere a schedule would be full of it.
    if (looks === 0 && this.turn.keepsTime) return 0;
    this.turn.blockWhile('ram', address, value);
    return 1;
  }
  delay(rounds: number): void {
    this.turn.work(rounds);
  }
  pause(address: number, value: number): void {
    this.turn.blockWhile('ram', address, value);
  }
  park(address: number, value: number): void {
    this.turn.blockWhile('ram', address, value, true);
  }
  /** Blocked harts are found by the word they wait for, so there is nobody to wake, but for those who sleep in virtual time. */
  unpark(address: number, count: number): void {
    this.turn.unpark(address, count);
  }

  /** A point of user code: another hart may run before its next basic block. */
  betweenBlocks(): void {
    this.turn.userPoint();
  }

  /**
   * An access of guest code, which its engine carries out. The trace has the first word of what is then in memory, and
   * of an update also of what was there before. `order`: aq and rl of an atomic one.
   */
  userAccess(
    op: UserOp,
    address: number,
    bytes: number,
    carryOut: () => boolean,
    order: number = Order.Relaxed,
  ): boolean {
    const reach = reachOf({ op, order, address, size: bytes });
    this.point(reach.address, reach.bytes, modeOf(op));
    const old = op === Op.AtomicUpdate ? this.firstWord(address, bytes) : undefined;
    if (!carryOut()) return false;
    const now = this.firstWord(address, bytes);
    this.log(op, isAtomic(op) ? guestDetail(bytes, order) : bytes, address, old ?? now, now);
    return true;
  }

  /** How many accesses guest code may make without stopping (`Coordinator.quiet`). */
  quietAccesses(): number {
    return this.turn.quietPoints();
  }
  /** Whether somebody wants more of every access than its event. */
  get capturesAll(): boolean {
    return this.turn.captures;
  }
  /** What an engine must know to make them: where in the shared memory the next event goes, and its number. */
  get nextEvent(): { readonly at: number; readonly step: number } {
    return { at: this.trace + this.turn.traceLength * EVENT_SIZE, step: this.turn.step };
  }
  /** It has made so many. */
  madeQuietly(accesses: number): void {
    this.turn.passQuietly(accesses);
  }
  /** Where in the shared memory the bits of contended words lie, the first for the first word of RAM. */
  get contendedBits(): number {
    return this.bits;
  }
  /** Whether there are such accesses at all. */
  get isQuiet(): boolean {
    return this.turn.isQuiet;
  }
  isContended(address: number, bytes: number): boolean {
    return this.contended.hasAny(address, bytes);
  }

  /** A fence of guest code, by its immediate. No point: it touches nothing that another hart could see. */
  fence(sets: number): void {
    this.log(Op.Fence, sets, 0, 0, 0);
  }

  /** Guest code goes round a loop that reads these words: nothing new happens until one changes, or an interrupt comes. */
  spin(words: readonly WaitedWord[]): void {
    this.turn.blockWhileAll('ram', words, false);
  }

  /** A point before the hart looks at idle marks and doorbells, or changes them: whatever the harts share is a point. */
  bell(): void {
    this.turn.sharedPoint();
    this.note(KernelEvent.BellUsed, 0, 0);
  }

  /**
   * The hart sleeps until its doorbell no longer has the value that it noted. `forced` not: or until nobody else can go on,
   * when time may bring something.
   */
  idle({ map, notedBell }: { readonly map: HartMap; readonly notedBell: number }, forced = true): void {
    const bell = { address: hartBlock.fields.doorbell.at(map.block), value: notedBell };
    this.turn.blockWhileAll('host', [bell], forced);
  }

  /** A device has written there, on the hart's thread. No point: the access that made it do so was one. */
  deviceWrote(address: number, bytes: number): void {
    this.log(Op.BulkWrite, 0, address, bytes, COPIED);
  }

  /** The run is over, because the subject has come to its end. */
  endRun(): never {
    return this.turn.endRun();
  }

  ask(question: Question): number {
    const answer = this.turn.ask(question);
    if (answer !== 0) this.note(KernelEvent.Answered, question, answer);
    return answer;
  }

  note(event: KernelEvent, a: number, b: number): void {
    const frame = frameTold({ note: event, address: a, value: b });
    if (frame !== undefined) this.turn.ghostPoint(ghostOf(frame));
    this.log(Op.Note, event, a, b, 0, frame !== undefined && !this.turn.keepsTime);
  }

  private point(address: number, bytes: number, mode: AccessMode): void {
    this.turn.point(address, bytes, mode);
    if (!this.turn.captures) return;
    if (this.guestStack === undefined) this.stacks.leave(this.turn.step - 1);
    else this.stacks.leaveLines(this.turn.step - 1, this.guestStack());
  }

  private firstWord(address: number, bytes: number): number {
    if (bytes >= 4 && address % 4 === 0) return this.ram.load32(address);
    let value = 0;
    for (let byte = 0; byte < Math.min(bytes, 4); byte++) value += this.ram.load8(address + byte) * 2 ** (8 * byte);
    return value;
  }

  private updated(address: number, old: number): number {
    this.log(Op.AtomicUpdate, 4, address, old, this.ram.load32(address));
    return old;
  }

  private log(op: Op, detail: number, address: number, value: number, after: number, isPoint = isAccess(op)): void {
    const { turn } = this;
    if (turn.traceLength >= this.traceLimit) {
      if (this.traceLimit === 0) return;
      turn.endQuietly(RunEnd.StepLimit);
      throw new RunEnded();
    }
    const step = isPoint ? turn.step - 1 : turn.step;
    writeEvent(
      this.host,
      this.trace + turn.traceLength * TRACE_WORDS * 4,
      op,
      turn.hart,
      detail,
      step,
      address,
      value,
      after,
    );
    turn.traceLength++;
  }
}

function modeOf(op: UserOp): AccessMode {
  if (op === Op.AtomicUpdate) return 'update';
  return isWrite(op) ? 'write' : 'read';
}
