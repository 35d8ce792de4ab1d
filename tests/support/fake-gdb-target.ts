import { GdbRegister, type GdbTarget, type Halt } from '../../src/machine/gdb/gdb-target.js';

const MEMORY_AT = 0x80000000n;

/** A machine for a debugger that is none: registers and 4 KiB of memory, and a note of what was asked of it. */
export class FakeGdbTarget implements GdbTarget {
  readonly registers: bigint[][];
  readonly memory = Uint8Array.from({ length: 4096 }, (_, i) => i & 0xff);
  readonly asked: string[] = [];
  private halt: ((halt: Halt) => void) | undefined;

  constructor(readonly harts: number) {
    this.registers = Array.from({ length: harts }, (_, hart) =>
      Array.from({ length: GdbRegister.pc + 1 }, (_, i) => BigInt(i === 0 ? 0 : 0x1000 * hart + i)),
    );
  }

  readRegister(hart: number, register: number): bigint | undefined {
    if (register === GdbRegister.privilege) return 1n;
    return this.registers[hart]?.[register];
  }
  writeRegister(hart: number, register: number, value: bigint): boolean {
    if (this.registers[hart]?.[register] === undefined || register === 0) return false;
    this.registers[hart][register] = value;
    return true;
  }
  readMemory(_hart: number, address: bigint, size: number): Uint8Array {
    const from = Number(address - MEMORY_AT);
    return from < 0 || from >= this.memory.length ? new Uint8Array(0) : this.memory.slice(from, from + size);
  }
  writeMemory(_hart: number, address: bigint, bytes: Uint8Array): boolean {
    const to = Number(address - MEMORY_AT);
    if (to < 0 || to + bytes.length > this.memory.length) return false;
    this.memory.set(bytes, to);
    return true;
  }
  setBreakpoint(hart: number, address: bigint): boolean {
    this.asked.push(`set ${address.toString(16)} by hart ${hart}`);
    return address >= MEMORY_AT;
  }
  clearBreakpoint(hart: number, address: bigint): boolean {
    this.asked.push(`clear ${address.toString(16)} by hart ${hart}`);
    return address >= MEMORY_AT;
  }
  step(hart: number): void {
    this.asked.push(`step ${hart}`);
    this.registers[hart]![GdbRegister.pc]! += 4n;
  }
  resume(harts: readonly number[]): Promise<Halt> {
    this.asked.push(`resume ${harts}`);
    return new Promise((resolve) => {
      this.halt = resolve;
    });
  }
  interrupt(): void {
    this.stopRunning({ kind: 'interrupted', hart: 0 });
  }
  kill(): void {
    this.asked.push('kill');
  }
  release(): void {
    this.asked.push('release');
  }
  describe(hart: number): string {
    return `mode ${hart}`;
  }

  get isRunning(): boolean {
    return this.halt !== undefined;
  }
  stopRunning(halt: Halt): void {
    this.halt?.(halt);
    this.halt = undefined;
  }
}
