import type { Engine, EngineFactory } from '../hart/engine.js';
import { counterDistance, Entry, entryDistance, SLOT_BYTES } from '../interpreter/entry.js';
import { FIRST_REGION, MOST_REGIONS } from '../interpreter/forms.js';
import { type InterpreterInstance, instantiate } from '../interpreter/interpreter.js';
import { HOT } from '../interpreter/outcome.js';
import { PAGE_SIZE } from '../isa/sv39.js';
import type { DirectAccess } from '../memory/direct-access.js';
import { type HartMap, hartBlock, TLB_ENTRIES, tlbEntry } from '../memory/map.js';
import type { SharedMemory } from '../memory/shared-memory.js';
import { type RegionModule, regionModule, regionName } from './region-module.js';

/**
 * Jumps to a place until it is translated: by then interpreting them has cost a millisecond or more, and a translation costs
 * several. Lower, and short-lived processes pay for more than they get.
 */
export const DEFAULT_THRESHOLD = 50_000;
/** With less, code that cannot be translated would be counted and never executed. */
export const LEAST_THRESHOLD = 2;
/**
 * Jumps, beside the threshold, until code is looked at again: what cannot be translated, as its page may hold something
 * else by then; what is inside a region already, and pays for a translation of its own only when it often begins there.
 */
const COOL_JUMPS = { impossible: 100_000, inside: 20_000 } as const;
/** Regions that a hart keeps. */
const CAPACITY = Math.min(4096, MOST_REGIONS);

export interface TranslatorOptions {
  /** Jumps to a place until it is translated; `DEFAULT_THRESHOLD` when there is none. */
  readonly threshold?: number;
  /** Regions that a hart keeps; when there would be more, all of them go. At least as many as one module holds. */
  readonly capacity?: number;
}

/** Engines that interpret, and translate what is hot. `module` comes from `compileInterpreter`. */
export function createTranslator(module: WebAssembly.Module, options: TranslatorOptions = {}): EngineFactory {
  return (memory, map) => new Translator(module, memory, map, options);
}

const { fields } = hartBlock;
const MICROSECONDS = 1000;

/** The regions of a page. */
class PageRegions {
  /** By the offset where they begin: numbers in the table. */
  readonly numbers = new Map<number, number>();
  /** Offsets where blocks inside them begin, until one of these has become hot by itself. */
  readonly inside = new Set<number>();
}

class Translator implements Engine {
  private readonly host: DirectAccess;
  private readonly capacity: number;
  private readonly table: WebAssembly.Table;
  private readonly interpreter: InterpreterInstance;
  /** By the content of the page, as a string of bytes. */
  private pages = new Map<string, PageRegions>();
  private used = 0;

  constructor(
    module: WebAssembly.Module,
    private readonly memory: SharedMemory,
    private readonly map: HartMap,
    { threshold = DEFAULT_THRESHOLD, capacity = CAPACITY }: TranslatorOptions,
  ) {
    this.capacity = capacity;
    this.table = new WebAssembly.Table({ element: 'anyfunc', initial: capacity });
    this.host = memory.host;
    this.interpreter = instantiate(module, memory, map.block, this.table, threshold);
  }

  run(): ReturnType<Engine['run']> {
    for (;;) {
      const exit = this.interpreter.exports.run(this.map.block);
      if (exit !== HOT) return exit;
      const start = performance.now();
      this.translate();
      this.count(fields.translationTime, Math.round((performance.now() - start) * MICROSECONDS));
    }
  }
  flushTlb(address?: number): void {
    this.interpreter.flushTlb(address);
  }
  flushCode(): void {
    this.interpreter.exports.flush_code(this.map.block);
  }

  /** The code at the hart's pc, which its slot holds. */
  private translate(): void {
    const pc = BigInt.asUintN(64, this.host.loadBig64(this.map.block + fields.pc.offset));
    const start = Number(pc & BigInt(PAGE_SIZE - 2));
    const slot = this.slotOf(pc);
    const bytes = this.host.read(slot + SLOT_BYTES, PAGE_SIZE);
    const key = Buffer.from(bytes).toString('latin1');
    const regions = this.pages.get(key) ?? new PageRegions();
    const { numbers, inside } = regions;
    if (inside.delete(start)) this.cool(slot + entryDistance(start), COOL_JUMPS.inside);
    else if (numbers.has(start)) this.count(fields.regionHits, 1);
    else {
      const page = pc - BigInt(start);
      const made = regionModule(bytes, start, {
        isKnown: (offset) => numbers.has(offset),
        targetIn: (register) => this.offsetIn(page, register),
      });
      if (made === undefined) {
        this.cool(slot + entryDistance(start), COOL_JUMPS.impossible);
        return;
      }
      if (this.used + made.starts.length > this.capacity) {
        this.forgetAll();
        numbers.clear();
        inside.clear();
      }
      this.pages.set(key, regions);
      this.add(regions, made);
      this.count(fields.regions, made.starts.length);
    }
    // The slot may have been another page's when the rest was translated.
    for (const [offset, number] of numbers) this.mark(slot, offset, number);
  }

  private count(field: typeof fields.regions, more: number): void {
    field.store(this.host, this.map.block, field.load(this.host, this.map.block) + more);
  }

  /** The entry is not hot again soon. */
  private cool(entry: number, jumps: number): void {
    this.host.store32(this.map.block + counterDistance(entry), -jumps >>> 0);
  }

  /** Where in the page the register leads to now, as it may do whenever the code is executed; undefined outside it. */
  private offsetIn(page: bigint, register: number): number | undefined {
    const offset = BigInt.asUintN(64, this.host.loadBig64(fields.x.at(this.map.block, register))) - page;
    return offset >= 0n && offset < BigInt(PAGE_SIZE) && offset % 2n === 0n ? Number(offset) : undefined;
  }

  private slotOf(pc: bigint): number {
    const index = Number((pc / BigInt(PAGE_SIZE)) % BigInt(TLB_ENTRIES));
    return tlbEntry.fields.addend.load(this.host, this.map.fetchTlb + index * tlbEntry.size);
  }

  private add({ numbers, inside }: PageRegions, { bytes, starts, blocks }: RegionModule): void {
    const { enter_region } = this.interpreter.exports;
    const env = { memory: this.memory.handle.wasm, enter_region };
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env });
    for (const start of starts) {
      this.table.set(this.used, exports[regionName(start)]);
      numbers.set(start, this.used);
      this.used++;
    }
    for (const block of blocks) if (!numbers.has(block)) inside.add(block);
  }

  /** The handler is the entry's low half; what the single step wants to know stays in the upper one. */
  private mark(slot: number, offset: number, number: number): void {
    const entry = slot + entryDistance(offset) + Entry.handler;
    if (this.host.load32(entry) === 0) this.interpreter.exports.decode_parcel(this.map.block, entry, offset);
    this.host.store32(entry, ((this.host.load32(entry) & ~0xffff) | (FIRST_REGION + number)) >>> 0);
  }

  private forgetAll(): void {
    this.interpreter.exports.drop_regions(this.map.block);
    for (let number = 0; number < this.used; number++) this.table.set(number, null);
    this.pages = new Map();
    this.used = 0;
  }
}
