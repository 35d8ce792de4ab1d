import type { DirectAccess } from '../memory/direct-access.js';
import { atomic32, bytes, struct, u32 } from '../memory/struct.js';
import type { Device } from './device.js';
import { DeviceLock } from './device-lock.js';

const FIFO_SIZE = 16;

export const uartState = struct('uart', {
  lock: atomic32,
  interruptEnable: u32,
  lineControl: u32,
  modemControl: u32,
  fifoControl: u32,
  scratch: u32,
  divisor: u32,
  /** 1: the transmitter has become empty since the guest was told. */
  emptied: u32,
  /** Bytes received and not read: where the first is, and how many. */
  first: u32,
  received: u32,
  fifo: bytes(FIFO_SIZE),
});

/** What is at the other end of the line. */
export interface SerialPort {
  /** The byte is out when it returns. */
  write(byte: number): void;
  /** Whether `take` has something. */
  pending(): boolean;
  /** The next bytes, `most` of them at most. */
  take(most: number): Uint8Array;
}

/** Offsets; those that share one are told apart by the direction, and by the divisor latch. */
const Register = {
  data: 0,
  interruptEnable: 1,
  identification: 2,
  lineControl: 3,
  modemControl: 4,
  lineStatus: 5,
  modemStatus: 6,
  scratch: 7,
} as const;
const REGISTERS = 8;

const DIVISOR_LATCH = 0x80;
const InterruptEnable = { received: 1, emptied: 2, mask: 0x0f } as const;
/** In order of their priority. */
const Identification = { none: 0x01, received: 0x04, emptied: 0x02, fifos: 0xc0 } as const;
const FifoControl = { enable: 1, clearReceived: 2 } as const;
const LineStatus = { dataReady: 0x01, transmitterEmpty: 0x60 } as const;
const ModemControl = { dtr: 1, rts: 2, out1: 4, out2: 8, loop: 16, mask: 0x1f } as const;
const ModemStatus = { clearToSend: 0x10, dataSetReady: 0x20, ring: 0x40, carrier: 0x80 } as const;

const fields = uartState.fields;

/**
 * The console: a 16550A with its FIFOs (National Semiconductor, PC16550D data sheet, "Registers"). What is transmitted is
 * out at once, so that the transmitter is always empty; what comes in waits with the port until the FIFO has room. In
 * loopback the modem's lines are turned back, as drivers expect that look for the chip; data is not.
 */
export class Uart implements Device {
  readonly name = 'uart';
  readonly base = 0x1000_0000;
  readonly size = 0x100;
  static readonly INTERRUPT = 10;
  private readonly lock: DeviceLock;

  /** @param interrupt tells the interrupt controller that something has happened */
  constructor(
    private readonly host: DirectAccess,
    private readonly at: number,
    private readonly port: SerialPort,
    private readonly interrupt: () => void,
  ) {
    this.lock = new DeviceLock(host, fields.lock, at);
  }

  /**
   * Takes in what has come since: to be called by harts whenever they have a moment, and before one sleeps. While the guest
   * wants no interrupts for it, what comes waits until the guest looks whether there is something: a driver that sets the
   * chip up empties its FIFO.
   */
  poll(): void {
    const { host, at } = this;
    const isWanted = (fields.interruptEnable.load(host, at) & InterruptEnable.received) !== 0;
    if (isWanted && this.port.pending() && fields.received.load(host, at) < FIFO_SIZE)
      this.lock.hold(() => this.fill());
  }

  load(offset: number): bigint | undefined {
    if (offset >= REGISTERS) return undefined;
    return BigInt(this.lock.hold(() => this.read(offset)));
  }

  store(offset: number, _size: number, value: bigint): boolean {
    if (offset >= REGISTERS) return false;
    this.lock.hold(() => this.write(offset, Number(value & 0xffn)));
    return true;
  }

  private read(offset: number): number {
    const { host, at } = this;
    switch (offset) {
      case Register.data:
        return this.latched ? fields.divisor.load(host, at) & 0xff : this.receive();
      case Register.interruptEnable:
        return this.latched ? fields.divisor.load(host, at) >>> 8 : fields.interruptEnable.load(host, at);
      case Register.identification:
        return this.identify();
      case Register.lineControl:
        return fields.lineControl.load(host, at);
      case Register.modemControl:
        return fields.modemControl.load(host, at);
      case Register.lineStatus:
        this.fill();
        return LineStatus.transmitterEmpty | (fields.received.load(host, at) > 0 ? LineStatus.dataReady : 0);
      case Register.modemStatus:
        return this.modemStatus();
      default:
        return fields.scratch.load(host, at);
    }
  }

  private write(offset: number, value: number): void {
    const { host, at } = this;
    const divisor = fields.divisor.load(host, at);
    switch (offset) {
      case Register.data:
        if (this.latched) fields.divisor.store(host, at, (divisor & 0xff00) | value);
        else this.transmit(value);
        break;
      case Register.interruptEnable:
        if (this.latched) fields.divisor.store(host, at, (divisor & 0x00ff) | (value << 8));
        else this.enable(value & InterruptEnable.mask);
        break;
      case Register.identification:
        this.controlFifos(value);
        break;
      case Register.lineControl:
        fields.lineControl.store(host, at, value);
        break;
      case Register.modemControl:
        fields.modemControl.store(host, at, value & ModemControl.mask);
        break;
      case Register.scratch:
        fields.scratch.store(host, at, value);
        break;
      default:
        // The status registers are for tests in the factory.
        break;
    }
    this.tell();
  }

  private get latched(): boolean {
    return (fields.lineControl.load(this.host, this.at) & DIVISOR_LATCH) !== 0;
  }

  private transmit(byte: number): void {
    this.port.write(byte);
    fields.emptied.store(this.host, this.at, 1);
  }

  private receive(): number {
    const { host, at } = this;
    const count = fields.received.load(host, at);
    if (count === 0) return 0;
    const first = fields.first.load(host, at);
    const byte = host.load8(fields.fifo.at(at) + first);
    fields.first.store(host, at, (first + 1) % FIFO_SIZE);
    fields.received.store(host, at, count - 1);
    this.fill();
    this.tell();
    return byte;
  }

  /** Whoever begins to care for an empty transmitter is told that it is empty. */
  private enable(interrupts: number): void {
    const { host, at } = this;
    const before = fields.interruptEnable.load(host, at);
    if ((interrupts & ~before & InterruptEnable.emptied) !== 0) fields.emptied.store(host, at, 1);
    fields.interruptEnable.store(host, at, interrupts);
  }

  private controlFifos(value: number): void {
    const { host, at } = this;
    fields.fifoControl.store(host, at, value);
    if ((value & FifoControl.clearReceived) !== 0) fields.received.store(host, at, 0);
  }

  /** The most urgent reason; to have been told that the transmitter is empty takes that reason away. */
  private identify(): number {
    const { host, at } = this;
    this.fill();
    const fifos = (fields.fifoControl.load(host, at) & FifoControl.enable) !== 0 ? Identification.fifos : 0;
    const reasons = this.reasons();
    if ((reasons & InterruptEnable.received) !== 0) return Identification.received | fifos;
    if ((reasons & InterruptEnable.emptied) === 0) return Identification.none | fifos;
    fields.emptied.store(host, at, 0);
    return Identification.emptied | fifos;
  }

  private modemStatus(): number {
    const control = fields.modemControl.load(this.host, this.at);
    if ((control & ModemControl.loop) === 0)
      return ModemStatus.carrier | ModemStatus.dataSetReady | ModemStatus.clearToSend;
    return (
      ((control & ModemControl.dtr) === 0 ? 0 : ModemStatus.dataSetReady) |
      ((control & ModemControl.rts) === 0 ? 0 : ModemStatus.clearToSend) |
      ((control & ModemControl.out1) === 0 ? 0 : ModemStatus.ring) |
      ((control & ModemControl.out2) === 0 ? 0 : ModemStatus.carrier)
    );
  }

  /** Why it interrupts, as bits of interrupt enable. */
  private reasons(): number {
    const { host, at } = this;
    const received = fields.received.load(host, at) > 0 ? InterruptEnable.received : 0;
    const emptied = fields.emptied.load(host, at) !== 0 ? InterruptEnable.emptied : 0;
    return (received | emptied) & fields.interruptEnable.load(host, at);
  }

  /** From the port, as far as there is room. */
  private fill(): void {
    const { host, at } = this;
    const count = fields.received.load(host, at);
    if (count === FIFO_SIZE || !this.port.pending()) return;
    const first = fields.first.load(host, at);
    const come = this.port.take(FIFO_SIZE - count);
    for (const [i, byte] of come.entries()) host.store8(fields.fifo.at(at) + ((first + count + i) % FIFO_SIZE), byte);
    fields.received.store(host, at, count + come.length);
    if (come.length > 0) this.tell();
  }

  /** After whatever may be a reason to interrupt, or leaves one. */
  private tell(): void {
    if (this.reasons() !== 0) this.interrupt();
  }
}
