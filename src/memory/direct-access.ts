import { pageOffset } from '../isa/sv39.js';
import { BusError, type KernelEvent, MachineAborted, type Question, type SharedAccess } from './access.js';
import type { Bulk } from './bulk.js';
import { controlBlock, FrameTag, GRANULE_SIZE, GRANULES, type MemoryMap, PGSIZE, StopRequest } from './map.js';

/** Looks before a waiter gives the core away. */
const SPIN_LIMIT = 2000;
/** How often a parked hart makes sure that the machine is still alive, in milliseconds. */
const ALIVE_CHECK_MS = 100;
/** How long a waiter that nobody need wake does without its core, in milliseconds: about what the host takes to give it back. */
const PAUSE_MS = 0.05;

/**
 * Shared memory as the processor gives it: the accesses of free running.
 *
 * One class serves two views: guest RAM (addresses from KERNBASE) and the host-side blocks (offsets from 0).
 */
export class DirectAccess implements SharedAccess {
  private readonly u8: Uint8Array;
  private readonly u32: Uint32Array;
  private readonly i32: Int32Array;
  private readonly i64: BigInt64Array;
  /** Nobody else's; any atomic update of it orders what this thread did before and after. */
  private readonly fence = new Int32Array(new SharedArrayBuffer(4));

  /**
   * @param buffer the whole shared memory
   * @param origin address that the view's first byte answers to
   * @param offset where that byte lies in the buffer
   * @param size bytes in the view
   * @param bulk copies and fills, by offset in the buffer
   */
  constructor(
    buffer: SharedArrayBuffer,
    private readonly map: MemoryMap,
    private readonly origin: number,
    private readonly offset: number,
    private readonly size: number,
    private readonly bulk: Bulk,
    /** Host-side view, for the control block and the frame tags; the host view itself has none. */
    private readonly host?: DirectAccess,
  ) {
    this.u8 = new Uint8Array(buffer, offset, size);
    this.u32 = new Uint32Array(buffer, offset, size >>> 2);
    this.i32 = new Int32Array(buffer, offset, size >>> 2);
    this.i64 = new BigInt64Array(buffer, offset, size >>> 3);
  }

  private word(address: number, what: string): number {
    const offset = address - this.origin;
    if (!(offset >= 0 && offset < this.size) || (offset & 3) !== 0) throw new BusError(address, what);
    return offset >>> 2;
  }

  private range(address: number, bytes: number, what: string): number {
    const offset = address - this.origin;
    if (!(offset >= 0 && bytes >= 0 && offset + bytes <= this.size)) throw new BusError(address, what);
    return offset;
  }

  load8(address: number): number {
    return this.u8[this.range(address, 1, 'load8')]!;
  }
  store8(address: number, value: number): void {
    this.u8[this.range(address, 1, 'store8')] = value;
  }
  load32(address: number): number {
    return this.u32[this.word(address, 'load32')]!;
  }
  store32(address: number, value: number): void {
    this.u32[this.word(address, 'store32')] = value;
  }
  load64(address: number): number {
    const i = this.word(address, 'load64');
    return this.u32[i]! + this.u32[i + 1]! * 0x1_0000_0000;
  }
  store64(address: number, value: number): void {
    const i = this.word(address, 'store64');
    this.u32[i] = value >>> 0;
    this.u32[i + 1] = Math.floor(value / 0x1_0000_0000);
  }
  /** Registers are full 64-bit values: two's complement as a signed BigInt. */
  loadBig64(address: number): bigint {
    return this.i64[this.word(address, 'loadBig64') >>> 1]!;
  }
  storeBig64(address: number, value: bigint): void {
    this.i64[this.word(address, 'storeBig64') >>> 1] = value;
  }
  count64(address: number, by: number): void {
    const i = this.word(address, 'count64');
    const low = (this.u32[i]! + by) >>> 0;
    this.u32[i] = low;
    if (low < by) this.u32[i + 1] = this.u32[i + 1]! + 1;
  }
  stamp32(address: number, kept: number, value: number): number {
    const i = this.word(address, 'stamp32');
    const before = this.u32[i]!;
    this.u32[i] = (before & kept) | value;
    return before;
  }

  // Sequentially consistent, every one. What each pairs with is said where it is used.
  atomicLoad32(address: number): number {
    return Atomics.load(this.u32, this.word(address, 'atomic load'));
  }
  atomicStore32(address: number, value: number): void {
    Atomics.store(this.u32, this.word(address, 'atomic store'), value);
  }
  atomicAdd32(address: number, value: number): number {
    return Atomics.add(this.u32, this.word(address, 'atomic add'), value);
  }
  atomicOr32(address: number, value: number): number {
    return Atomics.or(this.u32, this.word(address, 'atomic or'), value);
  }
  atomicAnd32(address: number, value: number): number {
    return Atomics.and(this.u32, this.word(address, 'atomic and'), value);
  }
  atomicExchange32(address: number, value: number): number {
    return Atomics.exchange(this.u32, this.word(address, 'atomic exchange'), value);
  }
  atomicCompareExchange32(address: number, expected: number, value: number): number {
    return Atomics.compareExchange(this.u32, this.word(address, 'atomic compare-exchange'), expected, value);
  }

  copy(to: number, from: number, bytes: number): void {
    const source = this.offset + this.range(from, bytes, 'copy from');
    this.bulk.copy(this.offset + this.range(to, bytes, 'copy to'), source, bytes);
    this.endReservations(to, bytes);
  }
  fill(address: number, byte: number, bytes: number): void {
    this.bulk.fill(this.offset + this.range(address, bytes, 'fill'), byte, bytes);
    this.endReservations(address, bytes);
  }
  read(address: number, bytes: number): Uint8Array {
    const start = this.range(address, bytes, 'read');
    return this.u8.slice(start, start + bytes);
  }
  /** Copies `count` words to the beginning of `into`. */
  readWords(address: number, count: number, into: Uint32Array): void {
    const start = this.range(address, count * 4, 'read') >>> 2;
    into.set(this.u32.subarray(start, start + count));
  }
  /** Writes five words side by side: an event of a trace, which is written at every access. */
  write5(address: number, a: number, b: number, c: number, d: number, e: number): void {
    const i = this.range(address, 20, 'write') >>> 2;
    this.u32[i] = a;
    this.u32[i + 1] = b;
    this.u32[i + 2] = c;
    this.u32[i + 3] = d;
    this.u32[i + 4] = e;
  }
  write(address: number, data: Uint8Array): void {
    this.u8.set(data, this.range(address, data.length, 'write'));
    this.endReservations(address, data.length);
  }
  spinWhile(address: number, value: number, looks: number = SPIN_LIMIT): number {
    const i = this.word(address, 'spin');
    for (let look = 1; look <= looks; look++) if (Atomics.load(this.u32, i) !== value) return look;
    return looks;
  }
  delay(rounds: number): void {
    for (let round = 0; round < rounds; round++);
  }
  pause(address: number, value: number): void {
    this.parkFor(address, value, PAUSE_MS);
    if (this.aborted()) throw new MachineAborted();
  }
  park(address: number, value: number): void {
    this.parkFor(address, value, ALIVE_CHECK_MS);
    if (this.aborted()) throw new MachineAborted();
  }
  /** As `park`, at most `milliseconds`, and without the look at the rest of the machine. */
  parkFor(address: number, value: number, milliseconds: number): void {
    Atomics.wait(this.i32, this.word(address, 'park'), value | 0, milliseconds);
  }
  /** For the main thread, which must not block: settles when the word no longer holds `value`, or after `milliseconds`. */
  async changed(address: number, value: number, milliseconds: number): Promise<void> {
    const { async: waits, value: over } = Atomics.waitAsync(
      this.i32,
      this.word(address, 'wait'),
      value | 0,
      milliseconds,
    );
    if (!waits) return;
    // Such a wait does not keep a process alive: it would end in the midst of it when it has no other thread any more.
    const alive = setInterval(() => {}, milliseconds);
    try {
      await over;
    } finally {
      clearInterval(alive);
    }
  }
  unpark(address: number, count: number): void {
    Atomics.notify(this.i32, this.word(address, 'unpark'), count);
  }

  ask(_question: Question): number {
    return 0;
  }
  note(_event: KernelEvent, _a: number, _b: number): void {}

  private aborted(): boolean {
    const host = this.host ?? this;
    return controlBlock.fields.stop.load(host, this.map.control) === StopRequest.Abort;
  }

  /**
   * Written bytes are no longer reserved: a store-conditional on them fails. A frame that was written whole has a new
   * life, in which nothing is reserved.
   */
  private endReservations(address: number, bytes: number): void {
    const host = this.host;
    if (host === undefined || bytes === 0) return;
    const end = address + bytes;
    // Pairs with the atomic or in `settle` (src/interpreter/reservations.ts): a full fence between the bytes and the look at
    // the tags, so that either the look sees LR's mark, or that LR reads the new bytes. It is an update of a word that only
    // this thread has: an update of the tags would have harts fight for a line whenever they write to neighbouring frames.
    Atomics.or(this.fence, 0, 0);
    for (let frame = address - pageOffset(address); frame < end; frame += PGSIZE) {
      const tag = this.map.frameTags + ((frame - this.origin) / PGSIZE) * 4;
      if ((host.atomicLoad32(tag) & FrameTag.Reserved) === 0) continue;
      const first = Math.max(address, frame);
      const last = Math.min(end, frame + PGSIZE);
      this.bumpGranules(host, first, last);
      if (last - first === PGSIZE) host.atomicStore32(tag, 0);
    }
  }

  /** Adding 2 keeps a version's parity, so a store under way stays under way. */
  private bumpGranules(host: DirectAccess, start: number, end: number): void {
    const last = Math.floor((end - 1) / GRANULE_SIZE);
    for (let granule = Math.floor(start / GRANULE_SIZE); granule <= last; granule++)
      host.atomicAdd32(this.map.granules + (granule % GRANULES) * 4, 2);
  }
}
