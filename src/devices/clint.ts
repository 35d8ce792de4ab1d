import { Interrupt } from '../isa/causes.js';
import type { DirectAccess } from '../memory/direct-access.js';
import { MAX_HARTS } from '../memory/map.js';
import { array, atomic32, struct, u64 } from '../memory/struct.js';
import type { Device } from './device.js';
import { DeviceLock } from './device-lock.js';
import type { HartLines } from './hart-lines.js';

export const clintState = struct('clint', {
  lock: atomic32,
  /** Tick of the machine's clock at which mtime was 0, as a signed 64-bit value. */
  origin: u64,
  mtimecmp: array(u64, MAX_HARTS),
});

const { lock, origin, mtimecmp } = clintState.fields;

const MSIP = 0x0000;
const MTIMECMP = 0x4000;
const MTIME = 0xbff8;
const WORD = 4;
const DOUBLE = 8;
const NEVER = (1n << 64n) - 1n;

/**
 * Software and timer interrupts of machine mode, and the clock: SiFive's core-local interruptor, as QEMU's `virt` has it
 * (its page "SiFive CLINT"; RISC-V ACLINT specification, MSWI and MTIMER). Every hart's `time` is this clock.
 */
export class Clint implements Device {
  readonly name = 'clint';
  readonly base = 0x200_0000;
  readonly size = 0x1_0000;
  private readonly lock: DeviceLock;

  /** @param ticks the machine's clock: whole, never going back */
  constructor(
    private readonly host: DirectAccess,
    private readonly at: number,
    private readonly lines: HartLines,
    private readonly ticks: () => number,
  ) {
    this.lock = new DeviceLock(host, lock, at);
  }

  /** Before any hart runs: mtime begins at 0, and no timer is set. */
  reset(): void {
    this.setTime(0n);
    for (let hart = 0; hart < this.lines.harts; hart++)
      this.host.storeBig64(this.deadlineAt(hart), BigInt.asIntN(64, NEVER));
  }

  /** mtime; as a double, which is exact for 28 years. */
  time(): number {
    return this.ticks() - Number(this.host.loadBig64(this.at + origin.offset));
  }

  /** mtimecmp of the hart; beyond 2^53 rounded, which is never either way. */
  deadline(hart: number): number {
    return this.host.load64(this.deadlineAt(hart));
  }

  /** Brings the hart's timer interrupt up to `now`, ticks of mtime. */
  update(hart: number, now: number): void {
    if (this.lines.isRaised(hart, Interrupt.MachineTimer) === now >= this.deadline(hart)) return;
    this.lock.hold(() => this.compare(hart));
  }

  load(offset: number, size: number): bigint | undefined {
    const hart = this.softwareHart(offset, size);
    if (hart !== undefined) return this.lines.isRaised(hart, Interrupt.MachineSoftware) ? 1n : 0n;
    const register = this.wide(offset, size);
    return register === undefined ? undefined : part(register.load(), offset, size);
  }

  store(offset: number, size: number, value: bigint): boolean {
    const hart = this.softwareHart(offset, size);
    if (hart !== undefined) {
      this.lines.set(hart, Interrupt.MachineSoftware, (value & 1n) === 1n);
      return true;
    }
    const register = this.wide(offset, size);
    if (register === undefined) return false;
    this.lock.hold(() => register.store(replaced(register.load(), offset, size, value)));
    return true;
  }

  private softwareHart(offset: number, size: number): number | undefined {
    const hart = (offset - MSIP) / WORD;
    return size === WORD && hart < this.lines.harts ? hart : undefined;
  }

  /** The 64-bit register that the access is to, whole or one half. */
  private wide(offset: number, size: number): { load(): bigint; store(value: bigint): void } | undefined {
    if (size !== WORD && size !== DOUBLE) return undefined;
    if (offset >= MTIME && offset < MTIME + DOUBLE)
      return { load: () => BigInt(this.time()), store: (value) => this.writeTime(value) };
    const hart = Math.floor((offset - MTIMECMP) / DOUBLE);
    if (hart < 0 || hart >= this.lines.harts) return undefined;
    return {
      load: () => BigInt.asUintN(64, this.host.loadBig64(this.deadlineAt(hart))),
      store: (value) => this.writeDeadline(hart, value),
    };
  }

  private writeTime(value: bigint): void {
    this.setTime(value);
    for (let hart = 0; hart < this.lines.harts; hart++) {
      this.compare(hart);
      this.lines.wake(hart);
    }
  }

  private setTime(value: bigint): void {
    this.host.storeBig64(this.at + origin.offset, BigInt.asIntN(64, BigInt(this.ticks()) - value));
  }

  /** The interrupt follows at once; a hart that sleeps until the old deadline is woken. */
  private writeDeadline(hart: number, value: bigint): void {
    this.host.storeBig64(this.deadlineAt(hart), BigInt.asIntN(64, value));
    this.compare(hart);
    this.lines.wake(hart);
  }

  private compare(hart: number): void {
    this.lines.set(hart, Interrupt.MachineTimer, this.time() >= this.deadline(hart));
  }

  private deadlineAt(hart: number): number {
    return mtimecmp.at(this.at, hart);
  }
}

const shiftOf = (offset: number): bigint => BigInt((offset % DOUBLE) * 8);

function part(register: bigint, offset: number, size: number): bigint {
  return BigInt.asUintN(size * 8, register >> shiftOf(offset));
}

function replaced(register: bigint, offset: number, size: number, value: bigint): bigint {
  if (size === DOUBLE) return value;
  const mask = ((1n << BigInt(size * 8)) - 1n) << shiftOf(offset);
  return (register & ~mask) | (value << shiftOf(offset));
}
