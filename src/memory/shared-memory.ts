import { bulkOf } from './bulk.js';
import { DirectAccess } from './direct-access.js';
import { KERNBASE, type MapConfig, type MemoryMap, memoryMap } from './map.js';

const WASM_PAGE = 65536;

/** What a worker needs to see the same memory: structured-cloneable. */
export interface SharedMemoryHandle {
  readonly wasm: WebAssembly.Memory;
  readonly config: MapConfig;
}

/** The host has no room for the machine's memory: what to do about it, in one line. */
export class NoRoomError extends Error {
  override readonly name = 'NoRoomError';
}

/** The one shared memory of a machine, with its map and its two views. */
export class SharedMemory {
  readonly map: MemoryMap;
  /** Guest physical memory, addressed from KERNBASE. */
  readonly ram: DirectAccess;
  /** The host-side blocks, addressed by offset. */
  readonly host: DirectAccess;

  private constructor(readonly handle: SharedMemoryHandle) {
    this.map = memoryMap(handle.config);
    const buffer = handle.wasm.buffer;
    if (!(buffer instanceof SharedArrayBuffer)) throw new TypeError('the machine needs a shared WebAssembly memory');
    const bulk = bulkOf(handle.wasm);
    this.host = new DirectAccess(buffer, this.map, 0, 0, this.map.ramOffset, bulk);
    this.ram = new DirectAccess(buffer, this.map, KERNBASE, this.map.ramOffset, this.map.ramSize, bulk, this.host);
  }

  /** New, zeroed memory. Throws RangeError when the configuration is outside the limits, NoRoomError when the host has no room. */
  static create(config: MapConfig): SharedMemory {
    const pages = memoryMap(config).totalSize / WASM_PAGE;
    return new SharedMemory({ wasm: reserve(pages, config), config });
  }

  /**
   * All zero again, as `create` made it, but for the schedule's region, in which threads may be parked. Nobody may be in
   * the middle of anything.
   */
  clear(): void {
    const { schedule, ramSize } = this.map;
    this.host.fill(0, 0, schedule);
    this.ram.fill(KERNBASE, 0, ramSize);
  }

  /** The same memory, seen from another thread. */
  static attach(handle: SharedMemoryHandle): SharedMemory {
    return new SharedMemory(handle);
  }
}

function reserve(pages: number, { memory, harts }: MapConfig): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new NoRoomError(
      `this computer has no room for a machine with ${memory} MiB and ${harts} ${harts === 1 ? 'hart' : 'harts'}; ask for less, or lift its limits (ulimit -v)`,
      { cause: error },
    );
  }
}
