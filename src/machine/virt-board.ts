import { Clint, clintState } from '../devices/clint.js';
import type { Device } from '../devices/device.js';
import type { DeviceWrites } from '../devices/disk-request.js';
import { type Finish, Finisher } from '../devices/finisher.js';
import { HartLines } from '../devices/hart-lines.js';
import { PciWindow } from '../devices/pci-window.js';
import { Plic, plicState } from '../devices/plic.js';
import { Rtc, rtcState } from '../devices/rtc.js';
import { type SerialPort, Uart, uartState } from '../devices/uart.js';
import { NOTICED, VirtioBlock, type VirtioVersion, virtioState } from '../devices/virtio-block.js';
import type { Board } from '../hart/board.js';
import type { Hart } from '../hart/hart.js';
import { REAL_TIME, TICKS_PER_MS } from '../hart/run-loop.js';
import { supervisorDeadline, updateSupervisorTimer } from '../hart/supervisor-timer.js';
import type { SharedMemory } from '../memory/shared-memory.js';
import { atomic32, struct } from '../memory/struct.js';
import { outputRing } from './output-ring.js';

/** What devices keep in the shared memory, in the region `devices` of its map. */
export const boardBlock = struct('board', {
  clint: clintState,
  plic: plicState,
  uart: uartState,
  virtio: virtioState,
  rtc: rtcState,
  /** What ended the machine, an `EndCode`, and the status that the guest gave. */
  end: atomic32,
  status: atomic32,
  output: outputRing,
});

/** Who ended the machine from inside. */
export const EndCode = { none: 0, exit: 1, reset: 2 } as const;

/** What the board needs from outside. */
export interface BoardParts {
  /** The machine's clock, in ticks of `time`: whole, never going back. */
  readonly ticks: () => number;
  /** Nanoseconds since 1970. */
  readonly date: () => bigint;
  readonly console: SerialPort;
  readonly virtio: VirtioVersion;
  /** The guest wants the machine to end. */
  readonly finish: () => void;
  /** In virtual time. Absent: a sleep takes as long as it says. */
  readonly skip?: TimeSkip;
  /** Hears what devices write by themselves; not given: nobody wants to know. */
  readonly writes?: DeviceWrites;
}

export interface TimeSkip {
  /** Whether every hart sleeps, or is about to. */
  allIdle(): boolean;
  /** That many ticks pass at once. */
  ticks(ticks: number): void;
}

/** A timer that is set to never is set to something beyond it: seven centuries. */
const LAST_TICK = 2 ** 53;

/** QEMU's `virt` as far as xv6 and its like use it: what is where, and which interrupt is whose. */
export class VirtBoard implements Board {
  readonly clint: Clint;
  readonly virtio: VirtioBlock;
  private readonly uart: Uart;
  private readonly lines: HartLines;
  private readonly devices: readonly Device[];

  constructor(
    protected readonly memory: SharedMemory,
    private readonly parts: BoardParts,
  ) {
    const { host, map } = memory;
    const at = (part: keyof typeof boardBlock.fields) => map.devices + boardBlock.fields[part].offset;
    const lines = new HartLines(memory);
    this.lines = lines;
    const plic = new Plic(host, at('plic'), lines);
    this.clint = new Clint(host, at('clint'), lines, parts.ticks);
    this.uart = new Uart(host, at('uart'), parts.console, () => plic.request(Uart.INTERRUPT));
    const size = map.config.disk ?? 0;
    const disk = size === 0 ? undefined : { at: map.disk, size };
    this.virtio = new VirtioBlock(
      memory,
      at('virtio'),
      parts.virtio,
      disk,
      () => plic.request(VirtioBlock.INTERRUPT),
      parts.writes,
    );
    const finisher = new Finisher((how) => {
      noteEnd(memory, how);
      parts.finish();
    });
    const rtc = new Rtc(host, at('rtc'), parts.date);
    this.devices = [this.uart, this.virtio, plic, this.clint, finisher, rtc, new PciWindow()];
  }

  time(): number {
    return this.clint.time();
  }

  load(address: number, size: number): bigint | undefined {
    const device = this.at(address);
    return device?.load(address - device.base, size);
  }

  store(address: number, size: number, value: bigint): boolean {
    const device = this.at(address);
    return device?.store(address - device.base, size, value) ?? false;
  }

  update(hart: Hart): void {
    const now = this.clint.time();
    this.clint.update(hart.id, now);
    updateSupervisorTimer(hart, now);
    this.poll();
  }

  /** Takes in what has come from outside. */
  poll(): void {
    this.uart.poll();
  }

  deadline(hart: Hart): number {
    return this.nextTimer(hart.id, this.clint.time());
  }

  /** In virtual time, once nobody has anything to do, time goes on to the next timer of whichever hart. */
  skipsSleep(): boolean {
    const { skip } = this.parts;
    if (skip === undefined || !skip.allIdle()) return false;
    const now = this.clint.time();
    const harts = Array.from({ length: this.lines.harts }, (_, hart) => hart);
    const next = Math.min(...harts.map((hart) => this.nextTimer(hart, now)));
    if (next > LAST_TICK) return false;
    skip.ticks(next - now);
    for (const hart of harts) this.lines.wake(hart);
    return true;
  }

  /** The first tick after `now` at which a timer of the hart's goes off; Infinity: none. */
  private nextTimer(hart: number, now: number): number {
    const later = (deadline: number) => (deadline > now ? deadline : Number.POSITIVE_INFINITY);
    return Math.min(later(this.clint.deadline(hart)), later(supervisorDeadline(this.memory, hart)));
  }

  private at(address: number): Device | undefined {
    return this.devices.find(({ base, size }) => address >= base && address < base + size);
  }
}

/** Before any hart runs. */
export function resetBoard(memory: SharedMemory, ticks: () => number): void {
  new Clint(memory.host, clintAt(memory), new HartLines(memory), ticks).reset();
}

/** The host's clock, in ticks of `time`. */
export function realTicks(): number {
  return Math.floor(REAL_TIME.now() * TICKS_PER_MS);
}

/** A driver has looked at the version of the disk's transport, and has gone no further. */
export function virtioWasRefused({ host, map }: SharedMemory): boolean {
  const { noticed } = virtioState.fields;
  return noticed.load(host, map.devices + boardBlock.fields.virtio.offset) === NOTICED.version;
}

function clintAt({ map }: SharedMemory): number {
  return map.devices + boardBlock.fields.clint.offset;
}

/** The first to end it is believed. */
function noteEnd({ host, map }: SharedMemory, how: Finish): void {
  const { end, status } = boardBlock.fields;
  status.compareExchange(host, map.devices, 0, how.kind === 'exit' ? how.status : 0);
  end.compareExchange(host, map.devices, EndCode.none, how.kind === 'exit' ? EndCode.exit : EndCode.reset);
}
