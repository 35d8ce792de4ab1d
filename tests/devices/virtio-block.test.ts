import { beforeEach, describe, expect, it } from 'vitest';
import { NOTICED, VirtioBlock, type VirtioVersion, virtioState } from '../../src/devices/virtio-block.js';
import { KERNBASE } from '../../src/memory/map.js';
import { DeviceMemory } from '../support/device-memory.js';

const SECTOR = 512;
const SECTORS = 16;
const PAGE = 4096;
const QUEUE = 8;
const DESCRIPTORS = KERNBASE;
const AVAILABLE = DESCRIPTORS + 16 * QUEUE;
const USED = KERNBASE + PAGE;
const HEADER = KERNBASE + 2 * PAGE;
const DATA = KERNBASE + 3 * PAGE;
const STATUS_BYTE = KERNBASE + 4 * PAGE;
const NEXT = 1;
const WRITABLE = 2;
const [READ, WRITE, FLUSH, ID] = [0, 1, 4, 8];

let machine: DeviceMemory;
let disk: VirtioBlock;
let requests: number;

function attach(version: VirtioVersion, sectors = SECTORS): void {
  machine = new DeviceMemory(virtioState.size, { disk: sectors * SECTOR });
  requests = 0;
  const { memory } = machine;
  const content = sectors === 0 ? undefined : { at: memory.map.disk, size: sectors * SECTOR };
  disk = new VirtioBlock(memory, machine.at, version, content, () => requests++);
  for (let i = 0; i < sectors; i++) machine.host.fill(memory.map.disk + i * SECTOR, i, SECTOR);
}

const read = (offset: number) => Number(disk.load(offset, 4));
const write = (offset: number, value: number) => expect(disk.store(offset, 4, BigInt(value))).toBe(true);

/** As a driver begins: acknowledges, agrees on features, and says where its queue is. */
function begin(version: VirtioVersion): void {
  attach(version);
  for (const status of [0, 1, 3, 11]) write(0x70, status);
  write(0x30, 0);
  write(0x38, QUEUE);
  if (version === 1) {
    write(0x28, PAGE);
    // Its alignment is a page's where the driver does not say.
    write(0x40, KERNBASE / PAGE);
  } else {
    for (const [register, at] of [
      [0x80, DESCRIPTORS],
      [0x90, AVAILABLE],
      [0xa0, USED],
    ] as const) {
      write(register, at);
      write(register + 4, 0);
    }
    write(0x44, 1);
  }
  write(0x70, 15);
}

const ram = () => machine.memory.ram;

function descriptor(index: number, at: number, bytes: number, flags: number, next: number): void {
  const entry = DESCRIPTORS + 16 * index;
  ram().store64(entry, at);
  ram().store32(entry + 8, bytes);
  ram().store32(entry + 12, flags | (next << 16));
}

/** Makes descriptor 0 available, as request number `count` from 0 on. */
function offer(count = 0): void {
  const slot = AVAILABLE + 4 + 2 * (count % QUEUE);
  for (const at of [slot, slot + 1]) ram().store8(at, 0);
  ram().store8(AVAILABLE + 2, (count + 1) & 0xff);
  ram().store8(AVAILABLE + 3, (count + 1) >> 8);
}

/** A request as xv6 makes it, of three descriptors; the status that it got. */
function request(type: number, sector: number, bytes = SECTOR, count = 0): number {
  ram().store32(HEADER, type);
  ram().store64(HEADER + 8, sector);
  ram().store8(STATUS_BYTE, 0xff);
  descriptor(0, HEADER, 16, NEXT, 1);
  descriptor(1, DATA, bytes, NEXT | (type === WRITE ? 0 : WRITABLE), 2);
  descriptor(2, STATUS_BYTE, 1, WRITABLE, 0);
  offer(count);
  write(0x50, 0);
  return ram().load8(STATUS_BYTE);
}

const used = () => ({ count: ram().load32(USED) >>> 16, id: ram().load32(USED + 4), bytes: ram().load32(USED + 8) });
const onDisk = (sector: number) => machine.host.read(machine.memory.map.disk + sector * SECTOR, SECTOR);
const filled = (byte: number, bytes = SECTOR) => new Uint8Array(bytes).fill(byte);

describe.each([1, 2] as const)('a disk of version %i', (version) => {
  beforeEach(() => begin(version));

  it('says what it is', () => {
    expect([0, 4, 8, 0xc, 0x34].map(read)).toEqual([0x7472_6976, version, 2, 0x554d_4551, 1024]);
    expect([disk.load(0x100, 8), disk.load(0x100, 4), disk.load(0x104, 4)]).toEqual([16n, 16n, 0n]);
  });

  it('reads a sector, and says so in the used ring, by the status and by an interrupt', () => {
    expect(request(READ, 5)).toBe(0);
    expect(ram().read(DATA, SECTOR)).toEqual(filled(5));
    expect(used()).toEqual({ count: 1, id: 0, bytes: SECTOR + 1 });
    expect([requests, read(0x60)]).toEqual([1, 1]);
    write(0x64, 1);
    expect(read(0x60)).toBe(0);
  });

  it('writes several sectors', () => {
    ram().fill(DATA, 0x77, 2 * SECTOR);
    expect(request(WRITE, 3, 2 * SECTOR)).toBe(0);
    expect([onDisk(2), onDisk(3), onDisk(4), onDisk(5)]).toEqual([2, 0x77, 0x77, 5].map((byte) => filled(byte)));
    expect(used().bytes).toBe(1);
  });

  it('serves request after request, past the end of its rings', () => {
    for (let count = 0; count < 3 * QUEUE; count++) expect(request(READ, count % SECTORS, SECTOR, count)).toBe(0);
    expect(used().count).toBe(3 * QUEUE);
    expect(ram().read(DATA, SECTOR)).toEqual(filled((3 * QUEUE - 1) % SECTORS));
  });

  it('does not interrupt a driver that wants none', () => {
    ram().store8(AVAILABLE, 1);
    request(READ, 0);
    expect([requests, used().count]).toEqual([0, 1]);
  });

  it.each([
    ['reads beyond its end', READ, SECTORS, SECTOR, 1],
    ['writes that cross its end', WRITE, SECTORS - 1, 2 * SECTOR, 1],
    ['half a sector', READ, 0, 100, 1],
    ['a type that it does not know', 99, 0, SECTOR, 2],
    ['a flush', FLUSH, 0, SECTOR, 0],
  ])('answers %s with the status for it, and goes on', (_, type, sector, bytes, status) => {
    expect(request(type, sector, bytes)).toBe(status);
    expect(request(READ, 1, SECTOR, 1)).toBe(0);
  });

  it('has a name', () => {
    expect(request(ID, 0, 20)).toBe(0);
    expect(Buffer.from(ram().read(DATA, 20)).toString()).toBe('hartbreak'.padEnd(20, '\0'));
  });

  it('forgets its queue with a reset', () => {
    write(0x70, 0);
    expect(request(READ, 0)).toBe(0xff);
    expect([read(0x70), read(0x60)]).toEqual([0, 0]);
  });

  it.each([
    ['a descriptor that leads outside RAM', () => descriptor(1, 0x1000, SECTOR, NEXT | WRITABLE, 2)],
    ['a descriptor that ends outside RAM', () => descriptor(1, KERNBASE + 2 ** 21 - 1, 2, NEXT | WRITABLE, 2)],
    ['descriptors in a circle', () => descriptor(2, STATUS_BYTE, 1, WRITABLE | NEXT, 0)],
    ['a descriptor that there is not', () => descriptor(1, DATA, SECTOR, NEXT | WRITABLE, QUEUE)],
    ['no place for a status', () => descriptor(0, HEADER, 16, 0, 0)],
    ['a header that is too short', () => descriptor(0, HEADER, 8, NEXT, 1)],
  ])('wants to be reset after %s', (_, spoil) => {
    descriptor(0, HEADER, 16, NEXT, 1);
    descriptor(1, DATA, SECTOR, NEXT | WRITABLE, 2);
    descriptor(2, STATUS_BYTE, 1, WRITABLE, 0);
    spoil();
    offer();
    write(0x50, 0);
    expect(read(0x70) & 64).toBe(64);
    expect(used().count).toBe(0);
    begin(version);
    expect(request(READ, 2)).toBe(0);
  });
});

describe('the transports', () => {
  it('differ in what is agreed upon', () => {
    const features = () =>
      [0, 1].map((half) => {
        write(0x14, half);
        return read(0x10);
      });
    attach(1);
    expect(features()).toEqual([1 << 9, 0]);
    attach(2);
    expect(features()).toEqual([1 << 9, 1]);
  });

  it('are empty without a disk', () => {
    attach(2, 0);
    expect([read(8), read(0x34), disk.load(0x100, 8)]).toEqual([0, 0, 0n]);
  });

  it('take words, and bytes in the configuration only', () => {
    attach(2);
    expect([disk.load(0, 1), disk.store(0x70, 8, 0n), disk.load(0x100, 1), disk.load(0x200, 4)]).toEqual([
      undefined,
      false,
      16n,
      undefined,
    ]);
  });

  it('note whether a driver has gone on after it had looked at the version', () => {
    attach(2);
    const noticed = () => virtioState.fields.noticed.load(machine.host, machine.at);
    expect(noticed()).toBe(NOTICED.no);
    read(4);
    expect(noticed()).toBe(NOTICED.version);
    write(0x70, 0);
    read(4);
    expect(noticed()).toBe(NOTICED.used);
  });
});
