import { HartLines } from '../../src/devices/hart-lines.js';
import type { Interrupt } from '../../src/isa/causes.js';
import { hartBlock } from '../../src/memory/map.js';
import { SharedMemory } from '../../src/memory/shared-memory.js';

/** Memory with room for one device, whose state is at `at`, and the wires to the harts. */
export class DeviceMemory {
  readonly memory: SharedMemory;
  readonly at: number;
  readonly lines: HartLines;

  constructor(size: number, { harts = 2, disk = 0 } = {}) {
    this.memory = SharedMemory.create({ harts, memory: 2, devices: size, disk });
    this.at = this.memory.map.devices;
    this.lines = new HartLines(this.memory);
  }

  get host() {
    return this.memory.host;
  }

  /** Harts on which the interrupt is pending. */
  interrupted(interrupt: Interrupt): number[] {
    return this.memory.map.harts.flatMap((_, hart) => (this.lines.isRaised(hart, interrupt) ? [hart] : []));
  }

  /** How often the hart was woken. */
  rings(hart: number): number {
    return hartBlock.fields.doorbell.load(this.host, this.memory.map.harts[hart]!.block);
  }
}
