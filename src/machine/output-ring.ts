import type { SharedMemory } from '../memory/shared-memory.js';
import { atomic32, bytes, struct } from '../memory/struct.js';

/** Bytes of console output that wait for the main thread. A power of two, so that the counts may wrap. */
const OUTPUT_RING = 65536;
/** How long the main thread waits before it looks again whether the machine still runs, in milliseconds. */
const LOOK_MS = 100;

/** One producer at a time, by the lock of the guest's UART; one consumer, the main thread. */
export const outputRing = struct('console output', {
  /** Bytes put in since the beginning, modulo 2^32. */
  written: atomic32,
  /** Bytes taken out, modulo 2^32. */
  taken: atomic32,
  bytes: bytes(OUTPUT_RING),
});

const { written, taken, bytes: content } = outputRing.fields;

/** What a guest writes to its console, for whoever watches it. It has been shown already. */
export class OutputRing {
  /** @param at offset of the ring in the host's part of the memory */
  constructor(
    private readonly memory: SharedMemory,
    private readonly at: number,
  ) {}

  /** Waits while the main thread is slow. Throws MachineAborted when the machine was aborted. */
  put(byte: number): void {
    const { host } = this.memory;
    const count = written.load(host, this.at);
    for (let out = taken.load(host, this.at); (count - out) >>> 0 === OUTPUT_RING; out = taken.load(host, this.at))
      host.park(taken.at(this.at), out);
    host.store8(content.at(this.at) + (count % OUTPUT_RING), byte);
    // Publishes the byte: pairs with the load in `take`.
    written.add(host, this.at, 1);
    host.unpark(written.at(this.at), 1);
  }

  /** The last bytes that were put in and not taken out, `most` of them at most. */
  tail(most: number): Uint8Array {
    const { host } = this.memory;
    const end = written.load(host, this.at);
    const data = new Uint8Array(Math.min(most, (end - taken.load(host, this.at)) >>> 0));
    for (let i = 0; i < data.length; i++)
      data[i] = host.load8(content.at(this.at) + (((end - data.length + i) >>> 0) % OUTPUT_RING));
    return data;
  }

  /** All that is there; waits a little for something to come. */
  async take(): Promise<Uint8Array> {
    const { host } = this.memory;
    const from = taken.load(host, this.at);
    if (written.load(host, this.at) === from) await host.changed(written.at(this.at), from, LOOK_MS);
    return this.takeNow();
  }

  /** Whoever waits in `take` has a look. */
  release(): void {
    this.memory.host.unpark(written.at(this.at), 1);
  }

  takeNow(): Uint8Array {
    const { host } = this.memory;
    const from = taken.load(host, this.at);
    const data = new Uint8Array((written.load(host, this.at) - from) >>> 0);
    for (let i = 0; i < data.length; i++) data[i] = host.load8(content.at(this.at) + ((from + i) % OUTPUT_RING));
    if (data.length === 0) return data;
    // The bytes have been read: pairs with the load in `put`.
    taken.add(host, this.at, data.length);
    host.unpark(taken.at(this.at), 1);
    return data;
  }
}
