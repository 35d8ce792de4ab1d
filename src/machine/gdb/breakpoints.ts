import type { SharedMemory } from '../../memory/shared-memory.js';

/** c.ebreak: fits where any instruction begins. */
const EBREAK = Uint8Array.of(0x02, 0x90);

/** Instructions in RAM that `c.ebreak` stands in for. What a debugger reads and writes goes around it. */
export class Breakpoints {
  /** What was there, by physical address. */
  private readonly replaced = new Map<number, Uint8Array>();

  constructor(private readonly memory: SharedMemory) {}

  has(at: number): boolean {
    return this.replaced.has(at);
  }

  set(at: number): void {
    if (this.replaced.has(at)) return;
    this.replaced.set(at, this.memory.ram.read(at, EBREAK.length));
    this.memory.ram.write(at, EBREAK);
  }

  clear(at: number): void {
    const bytes = this.replaced.get(at);
    if (bytes !== undefined) this.memory.ram.write(at, bytes);
    this.replaced.delete(at);
  }

  /** Does something to memory as the guest has it, then breaks again where it is to. */
  without<T>(act: () => T): T {
    const places = [...this.replaced.keys()];
    for (const at of places) this.clear(at);
    const result = act();
    for (const at of places) this.set(at);
    return result;
  }

  clearAll(): void {
    for (const at of [...this.replaced.keys()]) this.clear(at);
  }
}
