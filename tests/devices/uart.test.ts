import { beforeEach, describe, expect, it } from 'vitest';
import { type SerialPort, Uart, uartState } from '../../src/devices/uart.js';
import { DeviceMemory } from '../support/device-memory.js';

const [DATA, IER, IIR, LCR, MCR, LSR, MSR, SCR] = [0, 1, 2, 3, 4, 5, 6, 7];
const FCR = IIR;
const RECEIVED = 1;
const EMPTIED = 2;
const READY = 1;

class Port implements SerialPort {
  out = '';
  in: number[] = [];
  write(byte: number): void {
    this.out += String.fromCharCode(byte);
  }
  pending(): boolean {
    return this.in.length > 0;
  }
  take(most: number): Uint8Array {
    return Uint8Array.from(this.in.splice(0, most));
  }
  type(text: string): void {
    this.in.push(...Buffer.from(text));
  }
}

let port: Port;
let uart: Uart;
let requests: number;

beforeEach(() => {
  const machine = new DeviceMemory(uartState.size);
  port = new Port();
  requests = 0;
  uart = new Uart(machine.host, machine.at, port, () => requests++);
});

const read = (offset: number) => Number(uart.load(offset));
const write = (offset: number, value: number) => uart.store(offset, 1, BigInt(value));
/** Requests since the last time that this was asked. */
const news = () => {
  const count = requests;
  requests = 0;
  return count > 0;
};

describe('what is transmitted', () => {
  it('is out at once, and the transmitter is empty again', () => {
    for (const byte of Buffer.from('hi')) write(DATA, byte);
    expect(port.out).toBe('hi');
    expect(read(LSR)).toBe(0x60);
  });

  it('interrupts when it is wanted, until the guest has read why', () => {
    write(DATA, 65);
    expect(news()).toBe(false);
    write(IER, EMPTIED);
    expect(news()).toBe(true);
    expect(read(IIR)).toBe(0x02);
    expect(read(IIR)).toBe(0x01);
    write(SCR, 0);
    expect(news()).toBe(false);
    write(DATA, 66);
    expect(news()).toBe(true);
  });
});

describe('what is received', () => {
  it('waits outside while no interrupt is wanted for it, so that a driver may empty the FIFO', () => {
    port.type('ab');
    uart.poll();
    write(FCR, 7);
    write(IER, RECEIVED);
    uart.poll();
    expect(news()).toBe(true);
    expect([read(DATA), read(DATA)]).toEqual([97, 98]);
  });

  it('is there for a driver that polls', () => {
    expect(read(LSR) & READY).toBe(0);
    port.type('a');
    expect(read(LSR) & READY).toBe(READY);
    expect(read(DATA)).toBe(97);
    expect(read(LSR) & READY).toBe(0);
    expect(read(DATA)).toBe(0);
  });

  it('comes in order through a FIFO of sixteen, which fills as it is read', () => {
    const text = 'The quick brown fox jumps over the lazy dog';
    port.type(text);
    write(IER, RECEIVED);
    uart.poll();
    expect(port.in.length).toBe(text.length - 16);
    let got = '';
    while ((read(LSR) & READY) !== 0) got += String.fromCharCode(read(DATA));
    expect(got).toBe(text);
  });

  it('is told first, and until it has been read', () => {
    write(IER, RECEIVED | EMPTIED);
    port.type('a');
    uart.poll();
    expect([read(IIR), read(IIR)]).toEqual([0x04, 0x04]);
    read(DATA);
    expect(read(IIR)).toBe(0x02);
  });

  it('goes when the driver empties the FIFO', () => {
    write(IER, RECEIVED);
    port.type('abc');
    uart.poll();
    write(FCR, 3);
    expect(read(LSR) & READY).toBe(0);
    expect(read(IIR)).toBe(0xc1);
  });
});

describe('registers', () => {
  it('show the divisor in the place of two of them while the latch is set', () => {
    write(IER, RECEIVED);
    write(LCR, 0x83);
    write(DATA, 0x12);
    write(IER, 0x34);
    expect([read(DATA), read(IER), read(LCR)]).toEqual([0x12, 0x34, 0x83]);
    write(LCR, 3);
    expect([read(IER), port.out]).toEqual([RECEIVED, '']);
  });

  it('keep what is written to scratch and modem control, and turn the modem’s lines back in loopback', () => {
    write(SCR, 0xa5);
    expect([read(SCR), read(MSR)]).toEqual([0xa5, 0xb0]);
    for (const [control, status] of [
      [0x10, 0],
      [0x11, 0x20],
      [0x12, 0x10],
      [0x14, 0x40],
      [0x18, 0x80],
    ] as const) {
      write(MCR, control);
      expect([read(MCR), read(MSR)]).toEqual([control, status]);
    }
  });

  it('are eight', () => {
    expect(uart.load(8)).toBeUndefined();
    expect(uart.store(8, 1, 0n)).toBe(false);
  });
});
