import type { SharedMemory } from '../memory/shared-memory.js';
import { type Piece, QueueError } from './virtqueue.js';

/** What is on the disk: bytes of the host's side of the shared memory. */
export interface Disk {
  readonly at: number;
  /** Bytes. */
  readonly size: number;
}

/** Hears what a device writes by itself, right after it has; for those who must know all that changes. */
export interface DeviceWrites {
  /** Physical address in RAM. */
  inRam(address: number, bytes: number): void;
  /** Offset on the disk. */
  onDisk(offset: number, bytes: number): void;
}

const SECTOR = 512;
const HEADER_SIZE = 16;
const STATUS_SIZE = 1;
/** Virtual I/O Device 1.2, §5.2.6. */
const Type = { read: 0, write: 1, flush: 4, identify: 8 } as const;
const Status = { ok: 0, ioError: 1, unsupported: 2 } as const;
const ID_SIZE = 20;
const ID = 'hartbreak';

/** Carries one request out: a header, the data, and a byte for the status. How many bytes it wrote. */
export function serve(memory: SharedMemory, disk: Disk, pieces: readonly Piece[], writes?: DeviceWrites): number {
  const read = cut(
    pieces.filter(({ writable }) => !writable),
    HEADER_SIZE,
  );
  const writable = pieces.filter((piece) => piece.writable);
  const written = cut(writable, total(writable) - STATUS_SIZE);
  const [header] = read.first;
  const [status] = written.rest;
  if (header === undefined || header.bytes < HEADER_SIZE || status === undefined)
    throw new QueueError('a request has no header, or no place for its status');
  const { ram } = memory;
  const start = ram.load64(header.at + 8) * SECTOR;
  const type = ram.load32(header.at);
  const [result, bytes] = carryOut(memory, disk, type, start, read.rest, written.first);
  ram.store8(status.at, result);
  if (writes !== undefined) {
    for (const piece of writable) writes.inRam(piece.at, piece.bytes);
    if (type === Type.write && result === Status.ok) writes.onDisk(start, total(read.rest));
  }
  return bytes + STATUS_SIZE;
}

/** The status, and how many bytes of data were written. */
function carryOut(
  { host, ram }: SharedMemory,
  disk: Disk,
  type: number,
  start: number,
  out: readonly Piece[],
  into: readonly Piece[],
): [number, number] {
  const data = type === Type.write ? out : into;
  const bytes = total(data);
  switch (type) {
    case Type.read:
    case Type.write: {
      if (bytes % SECTOR !== 0 || start + bytes > disk.size) return [Status.ioError, 0];
      let at = disk.at + start;
      for (const piece of data) {
        if (type === Type.read) ram.write(piece.at, host.read(at, piece.bytes));
        else host.write(at, ram.read(piece.at, piece.bytes));
        at += piece.bytes;
      }
      return [Status.ok, type === Type.read ? bytes : 0];
    }
    case Type.flush:
      return [Status.ok, 0];
    case Type.identify: {
      const name = new Uint8Array(ID_SIZE);
      new TextEncoder().encodeInto(ID, name);
      const [place] = data;
      if (place === undefined || place.bytes < ID_SIZE) return [Status.ioError, 0];
      ram.write(place.at, name);
      return [Status.ok, ID_SIZE];
    }
    default:
      return [Status.unsupported, 0];
  }
}

function total(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** The first `length` bytes of the pieces, and the rest. */
function cut(pieces: readonly Piece[], length: number): { first: Piece[]; rest: Piece[] } {
  const first: Piece[] = [];
  const rest: Piece[] = [];
  let left = length;
  for (const { at, bytes, writable } of pieces) {
    const here = Math.max(0, Math.min(left, bytes));
    if (here > 0) first.push({ at, bytes: here, writable });
    if (here < bytes) rest.push({ at: at + here, bytes: bytes - here, writable });
    left -= here;
  }
  return { first, rest };
}
