import type { Board } from '../../src/hart/board.js';
import type { Hart } from '../../src/hart/hart.js';
import { supervisorDeadline, updateSupervisorTimer } from '../../src/hart/supervisor-timer.js';

/** A board with one register of 64 bits at `REGISTER`, and a clock that goes on by itself at each look. */
export class OneRegister implements Board {
  register = 0n;
  now = 0;
  readonly accesses: string[] = [];
  /** What happens at each look, beside the time that passes. */
  onUpdate: (hart: Hart) => void = () => {};

  time(): number {
    return this.now;
  }
  load(address: number, size: number): bigint | undefined {
    this.accesses.push(`load ${size}`);
    return address === REGISTER ? BigInt.asUintN(size * 8, this.register) : undefined;
  }
  store(address: number, size: number, value: bigint): boolean {
    this.accesses.push(`store ${size} 0x${value.toString(16)}`);
    if (address !== REGISTER) return false;
    this.register = value;
    return true;
  }
  update(hart: Hart): void {
    this.now += 1;
    updateSupervisorTimer(hart, this.now);
    this.onUpdate(hart);
  }
  skipsSleep(): boolean {
    return false;
  }
  deadline(hart: Hart): number {
    return supervisorDeadline(hart.memory, hart.id);
  }
}

export const REGISTER = 0x1000_0000;
