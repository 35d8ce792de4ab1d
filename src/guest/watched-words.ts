import { hartBlock, KERNBASE, WATCHED_BITS } from '../memory/map.js';
import type { SharedMemory } from '../memory/shared-memory.js';
import { guestBlock, MOST_DULL, MOST_WATCHED } from './guest-block.js';

const { watchVersion, watchCounts, watched, watchedBits, dullCounts, dull } = guestBlock.fields;
const WORD = 4;
/** In the address of a word, which is a multiple of four: it is one in which the idle loop itself looks for something to do. */
const SOUGHT = 1;

/** What an idle hart waits for. */
export interface Watch {
  /** Words whose every change may matter. */
  readonly words: readonly number[];
  /** Words in which the idle loop looks for something to do, and the values there that it has passed over before. */
  readonly sought: readonly number[];
  readonly dull: readonly number[];
}

export const NOTHING_WATCHED: Watch = { words: [], sought: [], dull: [] };

interface Watcher {
  readonly hart: number;
  /** Values that do not matter. */
  readonly dull: ReadonlySet<number>;
}

/** The words that idle harts wait for: whoever changes one rings the doorbells of those that watch it. */
export class WatchedWords {
  /** As the shared lists have it at `version`: by word, the harts that watch it. */
  private readonly watchers = new Map<number, Watcher[]>();
  private version = 0;

  constructor(private readonly memory: SharedMemory) {}

  /** The hart watches this and nothing else; `MOST_WATCHED` words at most. */
  watch(hart: number, { words, sought, dull: passed }: Watch): void {
    const { host, map } = this.memory;
    const all = [...words, ...sought.map((word) => word + SOUGHT)];
    all.forEach((word, i) => {
      host.store32(watched.at(map.devices, hart * MOST_WATCHED + i), word);
    });
    host.store32(watchCounts.at(map.devices, hart), all.length);
    const kept = passed.slice(0, MOST_DULL);
    kept.forEach((value, i) => {
      host.store32(dull.at(map.devices, hart * MOST_DULL + i), value);
    });
    host.store32(dullCounts.at(map.devices, hart), kept.length);
    this.setBits();
    watchVersion.store(host, map.devices, watchVersion.load(host, map.devices) + 1);
  }

  /** Whether a word may be watched: also of words that share its bit. */
  mayWatch(address: number): boolean {
    const { host, map } = this.memory;
    const bit = bitOf(address);
    return ((host.load32(watchedBits.at(map.devices, bit >>> 5)) >>> (bit & 31)) & 1) === 1;
  }

  /** As engines look at it. */
  private setBits(): void {
    const { host, map } = this.memory;
    host.fill(watchedBits.at(map.devices, 0), 0, WATCHED_BITS / 8);
    for (let hart = 0; hart < map.harts.length; hart++)
      for (let i = 0; i < host.load32(watchCounts.at(map.devices, hart)); i++) {
        const bit = bitOf(host.load32(watched.at(map.devices, hart * MOST_WATCHED + i)));
        const at = watchedBits.at(map.devices, bit >>> 5);
        host.store32(at, (host.load32(at) | (1 << (bit & 31))) >>> 0);
      }
  }

  /** These bytes have been written. */
  changed(pa: number, bytes: number): void {
    this.refresh();
    if (this.watchers.size === 0) return;
    const { ram } = this.memory;
    for (let word = pa - (pa % WORD); word < pa + bytes; word += WORD)
      for (const { hart, dull: passed } of this.watchers.get(word) ?? [])
        if (!passed.has(ram.load32(word))) this.ring(hart);
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
    for (let hart = 0; hart < map.harts.length; hart++) this.readListOf(hart);
  }

  private readListOf(hart: number): void {
    const { host, map } = this.memory;
    const values = Array.from({ length: host.load32(dullCounts.at(map.devices, hart)) }, (_, i) =>
      host.load32(dull.at(map.devices, hart * MOST_DULL + i)),
    );
    const always = { hart, dull: new Set<number>() };
    const sometimes = { hart, dull: new Set(values) };
    for (let i = 0; i < host.load32(watchCounts.at(map.devices, hart)); i++) {
      const entry = host.load32(watched.at(map.devices, hart * MOST_WATCHED + i));
      const isSought = entry % WORD === SOUGHT;
      const word = isSought ? entry - SOUGHT : entry;
      const watcher = isSought ? sometimes : always;
      const known = this.watchers.get(word);
      if (known === undefined) this.watchers.set(word, [watcher]);
      else known.push(watcher);
    }
  }
}

function bitOf(address: number): number {
  return ((address - KERNBASE) >>> 2) & (WATCHED_BITS - 1);
}
