import type { DirectAccess } from '../memory/direct-access.js';
import type { SharedMemory } from '../memory/shared-memory.js';
import type { DeviceWrites } from './disk-request.js';

/** Where a queue's three parts lie, as physical addresses, and how many descriptors it has. */
export interface QueuePlace {
  readonly size: number;
  readonly descriptors: number;
  readonly available: number;
  readonly used: number;
}

/** A piece of a request's memory. */
export interface Piece {
  /** Physical. */
  readonly at: number;
  readonly bytes: number;
  /** For the device to write; else for it to read. */
  readonly writable: boolean;
}

/** The driver has put something into a queue that no device can work with: the device wants to be reset. */
export class QueueError extends Error {
  override readonly name = 'QueueError';
}

const DESCRIPTOR_SIZE = 16;
const Descriptor = { bytes: 8, flags: 12, next: 14 } as const;
const Flag = { next: 1, writable: 2, indirect: 4 } as const;
const HEADER = 4;
const USED_ENTRY = 8;
const COUNT_MASK = 0xffff;

/** A split virtqueue, seen from the device (Virtual I/O Device 1.2, §2.7). The driver's side is not to be trusted. */
export class Virtqueue {
  private readonly ram: DirectAccess;

  constructor(
    private readonly memory: SharedMemory,
    private readonly place: QueuePlace,
  ) {
    this.ram = memory.ram;
    const { size, descriptors, available, used } = place;
    if (size === 0) throw new QueueError('the queue is empty');
    this.check(descriptors, size * DESCRIPTOR_SIZE, 16);
    this.check(available, HEADER + size * 2, 2);
    this.check(used, HEADER + size * USED_ENTRY, 4);
  }

  /** How many requests the driver has made available since the beginning, modulo 2^16. */
  get offered(): number {
    // What the driver wrote before it raised the count is there: the access that brought us here came after a fence.
    return this.half(this.place.available + 2);
  }

  /** The first descriptor of request number `count`. */
  head(count: number): number {
    return this.half(this.place.available + HEADER + (count % this.place.size) * 2);
  }

  /** The pieces of the request that begins with descriptor `head`. */
  pieces(head: number): Piece[] {
    const pieces: Piece[] = [];
    for (let index = head; ; ) {
      if (index >= this.place.size || pieces.length === this.place.size)
        throw new QueueError('its descriptors lead astray');
      const at = this.place.descriptors + index * DESCRIPTOR_SIZE;
      const flags = this.half(at + Descriptor.flags);
      if ((flags & Flag.indirect) !== 0) throw new QueueError('indirect descriptors were not agreed upon');
      const piece = {
        at: this.ram.load64(at),
        bytes: this.ram.load32(at + Descriptor.bytes),
        writable: (flags & Flag.writable) !== 0,
      };
      this.check(piece.at, piece.bytes, 1);
      pieces.push(piece);
      if ((flags & Flag.next) === 0) return pieces;
      index = this.half(at + Descriptor.next);
    }
  }

  /** The request is done; `written`: bytes that the device wrote into it. `count`: of those that were used before. */
  use(count: number, head: number, written: number, writes?: DeviceWrites): void {
    const at = this.place.used + HEADER + (count % this.place.size) * USED_ENTRY;
    this.ram.store32(at, head);
    this.ram.store32(at + 4, written);
    // Pairs with the driver's load of the count: the request's bytes are there before. The flags beside it are zero.
    this.ram.atomicStore32(this.place.used, (((count + 1) & COUNT_MASK) << 16) >>> 0);
    writes?.inRam(at, USED_ENTRY);
    writes?.inRam(this.place.used, HEADER);
  }

  /** Whether the driver wants no interrupt. */
  get isQuiet(): boolean {
    return (this.half(this.place.available) & 1) !== 0;
  }

  private half(address: number): number {
    return this.ram.load8(address) | (this.ram.load8(address + 1) << 8);
  }

  private check(at: number, bytes: number, alignment: number): void {
    const { physTop, ramSize } = this.memory.map;
    if (!(at >= physTop - ramSize && at + bytes <= physTop) || at % alignment !== 0)
      throw new QueueError('part of it lies outside RAM, or is misaligned');
  }
}
