import { hartBlock } from '../memory/map.js';
import type { SharedMemory } from '../memory/shared-memory.js';
import { guestBlock, MOST_WATCHED } from './guest-block.js';

const { watchVersion, watchCounts, watched } = guestBlock.fields;
const WORD = 4;

/** The words that idle harts wait for: whoever changes one rings the doorbells of those that watch it. */
export class WatchedWords {
  /** As the shared lists have it at `version`: by word, the harts that watch it. */
  private readonly watchers = new Map<number, number[]>();
  private version = 0;

  constructor(private readonly memory: SharedMemory) {}

  /** The hart watches these words, `MOST_WATCHED` at most, and no others. */
  watch(hart: number, words: readonly number[]): void {
    const { host, map } = this.memory;
    words.forEach((word, i) => {
      host.store32(watched.at(map.devices, hart * MOST_WATCHED + i), word);
    });
    host.store32(watchCounts.at(map.devices, hart), words.length);
    watchVersion.store(host, map.devices, watchVersion.load(host, map.devices) + 1);
  }

  /** These bytes have been written. */
  changed(pa: number, bytes: number): void {
    this.refresh();
    if (this.watchers.size === 0) return;
    for (let word = pa - (pa % WORD); word < pa + bytes; word += WORD)
      for (const hart of this.watchers.get(word) ?? []) this.ring(hart);
  }

  private ring(hart: number): void {
    const { host, map } = this.memory;
    hartBlock.fields.doorbell.add(host, map.harts[hart]!.block, 1);
  }

  private refresh(): void {
    const { host, map } = this.memory;
    const now = watchVersion.load(host, map.devices);
    if (now === this.version) return;
    this.version = now;
    this.watchers.clear();
    for (let hart = 0; hart < map.harts.length; hart++)
      for (let i = 0; i < host.load32(watchCounts.at(map.devices, hart)); i++) {
        const word = host.load32(watched.at(map.devices, hart * MOST_WATCHED + i));
        const known = this.watchers.get(word);
        if (known === undefined) this.watchers.set(word, [hart]);
        else known.push(hart);
      }
  }
}
