import type { SharedMemory } from '../memory/shared-memory.js';
import { atomic32, struct, u32, u64 } from '../memory/struct.js';
import { type Device, WORD } from './device.js';
import { DeviceLock } from './device-lock.js';
import { type DeviceWrites, type Disk, serve } from './disk-request.js';
import { QueueError, type QueuePlace, Virtqueue } from './virtqueue.js';

/** Of the transport: 1 is the legacy interface, which drivers from before 2018 want; 2 is that of virtio 1.0 and later. */
export type VirtioVersion = 1 | 2;

export const virtioState = struct('virtio', {
  lock: atomic32,
  status: u32,
  interrupt: u32,
  /** Which half of the features is shown and set. */
  deviceFeatures: u32,
  driverFeatures: u32,
  selectedQueue: u32,
  queueSize: u32,
  ready: u32,
  /** Of the modern transport. */
  descriptors: u64,
  available: u64,
  used: u64,
  /** Of the legacy one. */
  guestPage: u32,
  queueAlign: u32,
  queuePage: u32,
  /** Requests done, modulo 2^16. */
  done: u32,
  /** 1: a driver has looked at the version; 2: and has gone on to use the device. */
  noticed: u32,
});
const fields = virtioState.fields;

/** Virtual I/O Device 1.2, §4.2.2 and, for the legacy interface, §4.2.4. */
const Register = {
  magic: 0x000,
  version: 0x004,
  deviceId: 0x008,
  vendorId: 0x00c,
  deviceFeatures: 0x010,
  deviceFeaturesSelect: 0x014,
  driverFeatures: 0x020,
  driverFeaturesSelect: 0x024,
  guestPageSize: 0x028,
  queueSelect: 0x030,
  queueSizeMax: 0x034,
  queueSize: 0x038,
  queueAlign: 0x03c,
  queuePage: 0x040,
  queueReady: 0x044,
  queueNotify: 0x050,
  interruptStatus: 0x060,
  interruptAcknowledge: 0x064,
  status: 0x070,
  descriptorsLow: 0x080,
  descriptorsHigh: 0x084,
  availableLow: 0x090,
  availableHigh: 0x094,
  usedLow: 0x0a0,
  usedHigh: 0x0a4,
  generation: 0x0fc,
  config: 0x100,
} as const;

/** "virt" */
const MAGIC = 0x7472_6976;
/** "QEMU", which drivers written on it look for. */
const VENDOR = 0x554d_4551;
const BLOCK_DEVICE = 2;
const NO_DEVICE = 0;
const QUEUE_SIZE_MAX = 1024;
const FLUSH_FEATURE = 1 << 9;
/** VIRTIO_F_VERSION_1, in the upper half of the features. */
const MODERN_FEATURE = 1;
const USED_BUFFER = 1;
const NEEDS_RESET = 64;
const SECTOR = 512;
/** Where the driver does not say, as on QEMU: xv6 of 2020 relies on it. */
const DEFAULT_ALIGN = 4096;
const CONFIG_SIZE = 0x60;

export const NOTICED = { no: 0, version: 1, used: 2 } as const;

/** A disk behind virtio's memory-mapped transport. It serves a request while the driver notifies it of it. */
export class VirtioBlock implements Device {
  readonly name = 'virtio';
  readonly base = 0x1000_1000;
  readonly size = 0x1000;
  static readonly INTERRUPT = 1;
  private readonly host;
  private readonly lock: DeviceLock;

  /**
   * @param disk undefined: nothing is attached
   * @param interrupt tells the interrupt controller
   * @param writes hears what the device writes; not given: nobody wants to know
   */
  constructor(
    private readonly memory: SharedMemory,
    private readonly at: number,
    private readonly version: VirtioVersion,
    private readonly disk: Disk | undefined,
    private readonly interrupt: () => void,
    private readonly writes?: DeviceWrites,
  ) {
    this.host = memory.host;
    this.lock = new DeviceLock(memory.host, fields.lock, at);
  }

  load(offset: number, size: number): bigint | undefined {
    if (offset >= Register.config) return this.loadConfig(offset - Register.config, size);
    if (size !== WORD) return undefined;
    return BigInt(this.lock.hold(() => this.read(offset)) >>> 0);
  }

  store(offset: number, size: number, value: bigint): boolean {
    // Nothing of a disk's configuration can be written.
    if (offset >= Register.config) return true;
    if (size !== WORD) return false;
    this.lock.hold(() => this.write(offset, Number(value)));
    return true;
  }

  private read(offset: number): number {
    const { host, at } = this;
    switch (offset) {
      case Register.magic:
        return MAGIC;
      case Register.version:
        if (fields.noticed.load(host, at) === NOTICED.no) fields.noticed.store(host, at, NOTICED.version);
        return this.version;
      case Register.deviceId:
        return this.disk === undefined ? NO_DEVICE : BLOCK_DEVICE;
      case Register.vendorId:
        return VENDOR;
      case Register.deviceFeatures:
        if (fields.deviceFeatures.load(host, at) === 0) return FLUSH_FEATURE;
        return fields.deviceFeatures.load(host, at) === 1 && this.version === 2 ? MODERN_FEATURE : 0;
      case Register.queueSizeMax:
        return this.disk === undefined || !this.isFirst ? 0 : QUEUE_SIZE_MAX;
      case Register.queuePage:
        return this.version === 1 && this.isFirst ? fields.queuePage.load(host, at) : 0;
      case Register.queueReady:
        return this.isFirst ? fields.ready.load(host, at) : 0;
      case Register.interruptStatus:
        return fields.interrupt.load(host, at);
      case Register.status:
        return fields.status.load(host, at);
      default:
        return 0;
    }
  }

  private write(offset: number, value: number): void {
    const { host, at } = this;
    fields.noticed.store(host, at, NOTICED.used);
    switch (offset) {
      case Register.deviceFeaturesSelect:
        fields.deviceFeatures.store(host, at, value);
        break;
      case Register.driverFeaturesSelect:
        fields.driverFeatures.store(host, at, value);
        break;
      case Register.guestPageSize:
        fields.guestPage.store(host, at, value);
        break;
      case Register.queueSelect:
        fields.selectedQueue.store(host, at, value);
        break;
      case Register.interruptAcknowledge:
        fields.interrupt.store(host, at, (fields.interrupt.load(host, at) & ~value) >>> 0);
        break;
      case Register.status:
        if (value === 0) this.reset();
        else fields.status.store(host, at, value);
        break;
      case Register.queueNotify:
        if (value === 0) this.notified();
        break;
      default:
        if (this.isFirst) this.writeQueue(offset, value);
    }
  }

  private writeQueue(offset: number, value: number): void {
    const { host, at } = this;
    const word = queueWords[offset];
    if (word !== undefined) host.store32(at + word, value);
    else if (offset === Register.queueReady) fields.ready.store(host, at, value & 1);
    else if (offset === Register.queuePage && this.version === 1) {
      fields.queuePage.store(host, at, value);
      fields.ready.store(host, at, value === 0 ? 0 : 1);
    }
  }

  /** Whether the one queue that there is was selected. */
  private get isFirst(): boolean {
    return fields.selectedQueue.load(this.host, this.at) === 0;
  }

  /** As it was at the beginning, but for what has been noticed, and the lock, which is held. */
  private reset(): void {
    const { host, at } = this;
    const noticed = fields.noticed.load(host, at);
    host.fill(at + fields.status.offset, 0, virtioState.size - fields.status.offset);
    fields.noticed.store(host, at, noticed);
  }

  private notified(): void {
    const { host, at } = this;
    if (this.disk === undefined || fields.ready.load(host, at) === 0) return;
    try {
      const quiet = this.serveAll(new Virtqueue(this.memory, this.place()), this.disk);
      if (quiet) return;
      fields.interrupt.store(host, at, fields.interrupt.load(host, at) | USED_BUFFER);
      this.interrupt();
    } catch (error) {
      if (!(error instanceof QueueError)) throw error;
      fields.status.store(host, at, fields.status.load(host, at) | NEEDS_RESET);
      fields.ready.store(host, at, 0);
    }
  }

  /** Whether the driver need not be told: there was nothing, or it does not want to know. */
  private serveAll(queue: Virtqueue, disk: Disk): boolean {
    const { host, at } = this;
    const before = fields.done.load(host, at);
    for (let done = before; done !== queue.offered; done = fields.done.load(host, at)) {
      const head = queue.head(done);
      queue.use(done, head, serve(this.memory, disk, queue.pieces(head), this.writes), this.writes);
      fields.done.store(host, at, (done + 1) & 0xffff);
    }
    return fields.done.load(host, at) === before || queue.isQuiet;
  }

  private place(): QueuePlace {
    const { host, at } = this;
    const size = Math.min(fields.queueSize.load(host, at), QUEUE_SIZE_MAX);
    if (this.version === 2)
      return {
        size,
        descriptors: fields.descriptors.load(host, at),
        available: fields.available.load(host, at),
        used: fields.used.load(host, at),
      };
    // §2.7.2, "Legacy Interfaces: A Note on Virtqueue Layout": all three in a row, the last on the next aligned address.
    const align = fields.queueAlign.load(host, at) || DEFAULT_ALIGN;
    const descriptors = fields.queuePage.load(host, at) * fields.guestPage.load(host, at);
    const available = descriptors + 16 * size;
    const used = Math.ceil((available + 6 + 2 * size) / align) * align;
    return { size, descriptors, available, used };
  }

  private loadConfig(offset: number, size: number): bigint | undefined {
    if (offset >= CONFIG_SIZE) return undefined;
    const capacity = BigInt(Math.floor((this.disk?.size ?? 0) / SECTOR));
    return offset >= 8 ? 0n : BigInt.asUintN(size * 8, capacity >> BigInt(offset * 8));
  }
}

/** Registers of a queue that are kept as they are written. */
const queueWords: Readonly<Record<number, number>> = {
  [Register.queueSize]: fields.queueSize.offset,
  [Register.queueAlign]: fields.queueAlign.offset,
  [Register.descriptorsLow]: fields.descriptors.offset,
  [Register.descriptorsHigh]: fields.descriptors.offset + WORD,
  [Register.availableLow]: fields.available.offset,
  [Register.availableHigh]: fields.available.offset + WORD,
  [Register.usedLow]: fields.used.offset,
  [Register.usedHigh]: fields.used.offset + WORD,
};
