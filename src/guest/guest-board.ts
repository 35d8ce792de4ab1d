import type { DeviceWrites } from '../devices/disk-request.js';
import type { VirtioVersion } from '../devices/virtio-block.js';
import type { Hart } from '../hart/hart.js';
import { VirtBoard } from '../machine/virt-board.js';
import { hartBlock } from '../memory/map.js';
import type { SharedMemory } from '../memory/shared-memory.js';
import { guestBlock, noteDiskWrite } from './guest-block.js';
import { QuietConsole } from './quiet-console.js';

const { now } = guestBlock.fields;

/** Ticks that no clock comes to: what timers are set to so that they never fire is beyond it. */
const NEVER = 2 ** 53;

/** What a guest that is explored tells the one who runs it. */
export interface GuestEvents {
  /** The shell is ready for another line. */
  prompted(): void;
  /** The guest has ended the machine. */
  finished(): void;
  /** A device has written there by itself. */
  deviceWrote(address: number, bytes: number): void;
}

/** The board of a machine whose clock is a word of its memory: it goes on only when somebody moves it. */
export class GuestBoard extends VirtBoard {
  /** @param isSilent as of `QuietConsole` */
  constructor(memory: SharedMemory, virtio: VirtioVersion, events: GuestEvents, isSilent = false) {
    const writes: DeviceWrites = {
      inRam: (address, bytes) => events.deviceWrote(address, bytes),
      onDisk: (offset, bytes) => noteDiskWrite(memory, offset, bytes),
    };
    super(memory, {
      ticks: () => now.load(memory.host, memory.map.devices),
      // The calendar stands still: a run shall be the same tomorrow.
      date: () => 0n,
      console: new QuietConsole(memory, () => events.prompted(), isSilent),
      virtio,
      finish: () => events.finished(),
      writes,
    });
  }

  /** Moves the clock. */
  pass(ticks: number): void {
    const { host, map } = this.memory;
    now.store(host, map.devices, now.load(host, map.devices) + ticks);
  }

  /** Whether the clock will ever interrupt one of the harts. */
  hasDeadline(harts: readonly Hart[]): boolean {
    return harts.some((hart) => this.deadline(hart) < NEVER);
  }

  /**
   * Moves the clock to the next moment at which one of the harts is interrupted by it, and wakes those that are. false:
   * there is no such moment.
   */
  passToNextDeadline(harts: readonly Hart[]): boolean {
    const next = Math.min(...harts.map((hart) => this.deadline(hart)));
    if (next >= NEVER) return false;
    this.pass(Math.max(0, Math.ceil(next - this.time())));
    const { host } = this.memory;
    for (const hart of harts) {
      this.update(hart);
      if ((hart.pending & hart.enabledInterrupts) !== 0) hartBlock.fields.doorbell.add(host, hart.map.block, 1);
    }
    return true;
  }
}
