import { Interrupt } from '../isa/causes.js';
import type { DirectAccess } from '../memory/direct-access.js';
import { MAX_HARTS } from '../memory/map.js';
import { array, atomic32, struct, u32 } from '../memory/struct.js';
import { WordDevice } from './device.js';
import { DeviceLock } from './device-lock.js';
import type { HartLines } from './hart-lines.js';

/** Interrupt sources, 0 among them, which there is none of. */
const SOURCES = 96;
const WORD_BITS = 32;
const SOURCE_WORDS = SOURCES / WORD_BITS;
/** Of each hart: machine mode's, then supervisor mode's. */
const MODES = [Interrupt.MachineExternal, Interrupt.SupervisorExternal] as const;
const MOST_CONTEXTS = MAX_HARTS * MODES.length;
const LOWEST_PRIORITY = 0;
const PRIORITY_MASK = 7;

const contextState = struct('context', { enable: array(u32, SOURCE_WORDS), threshold: u32 });
export const plicState = struct('plic', {
  lock: atomic32,
  priority: array(u32, SOURCES),
  /** Requests that wait to be claimed, and those that were claimed and not completed. */
  pending: array(u32, SOURCE_WORDS),
  claimed: array(u32, SOURCE_WORDS),
  contexts: array(contextState, MOST_CONTEXTS),
});

const fields = plicState.fields;
const { enable, threshold } = contextState.fields;

const PENDING = 0x1000;
const ENABLE = 0x2000;
const ENABLE_STRIDE = 0x80;
const CONTEXT = 0x20_0000;
const CONTEXT_STRIDE = 0x1000;
const CLAIM = 4;
const WORD = 4;

/** Where a register lies. */
type Register =
  | { readonly kind: 'word'; readonly at: number; readonly mask: number; readonly writable: boolean }
  | { readonly kind: 'claim'; readonly context: number };

/**
 * External interrupts (RISC-V Platform-Level Interrupt Controller Specification). Context 2h is hart h's machine mode,
 * 2h + 1 its supervisor mode, as on QEMU's `virt`. As there, gateways go by events and not by levels: xv6 does not take
 * away the reason for which its UART interrupts.
 */
export class Plic extends WordDevice {
  readonly name = 'plic';
  readonly base = 0xc00_0000;
  readonly size = 0x60_0000;
  private readonly lock: DeviceLock;

  constructor(
    private readonly host: DirectAccess,
    private readonly at: number,
    private readonly lines: HartLines,
  ) {
    super();
    this.lock = new DeviceLock(host, fields.lock, at);
  }

  /** Something has happened that a device interrupts for. The request waits until it is claimed; one that waits already stands for both. */
  request(source: number): void {
    this.lock.hold(() => {
      this.setBit(fields.pending, source, true);
      this.tellHarts();
    });
  }

  protected loadWord(offset: number): number | undefined {
    const register = this.register(offset);
    if (register === undefined) return undefined;
    return this.lock.hold(() =>
      register.kind === 'word' ? this.host.load32(register.at) : this.claim(register.context),
    );
  }

  protected storeWord(offset: number, value: number): boolean {
    const register = this.register(offset);
    if (register === undefined) return false;
    this.lock.hold(() => {
      if (register.kind === 'claim') this.complete(register.context, value);
      else if (register.writable) this.host.store32(register.at, (value & register.mask) >>> 0);
      this.tellHarts();
    });
    return true;
  }

  private register(offset: number): Register | undefined {
    const word = (at: number, mask = 0xffff_ffff, writable = true): Register => ({ kind: 'word', at, mask, writable });
    if (offset < SOURCES * WORD) {
      const source = offset / WORD;
      return word(fields.priority.at(this.at, source), source === 0 ? 0 : PRIORITY_MASK);
    }
    if (offset >= PENDING && offset < PENDING + SOURCE_WORDS * WORD)
      return word(fields.pending.at(this.at, (offset - PENDING) / WORD), 0, false);
    if (offset >= ENABLE && offset < ENABLE + this.contexts * ENABLE_STRIDE) {
      const index = ((offset - ENABLE) % ENABLE_STRIDE) / WORD;
      if (index >= SOURCE_WORDS) return undefined;
      const base = this.context(Math.floor((offset - ENABLE) / ENABLE_STRIDE));
      // Source 0 cannot be enabled.
      return word(enable.at(base, index), index === 0 ? ~1 : 0xffff_ffff);
    }
    const context = Math.floor((offset - CONTEXT) / CONTEXT_STRIDE);
    if (context < 0 || context >= this.contexts) return undefined;
    const within = (offset - CONTEXT) % CONTEXT_STRIDE;
    if (within === 0) return word(this.context(context) + threshold.offset, PRIORITY_MASK);
    return within === CLAIM ? { kind: 'claim', context } : undefined;
  }

  private get contexts(): number {
    return this.lines.harts * MODES.length;
  }
  private context(index: number): number {
    return fields.contexts.at(this.at, index);
  }

  /** The most urgent request, which the context is to serve from now on; 0: there is none. */
  private claim(context: number): number {
    const source = this.best(context, LOWEST_PRIORITY);
    if (source === 0) return 0;
    this.setBit(fields.pending, source, false);
    this.setBit(fields.claimed, source, true);
    this.tellHarts();
    return source;
  }

  /** The source's next request may be claimed. A context completes what it has enabled only. */
  private complete(context: number, source: number): void {
    if (source !== 0 && source < SOURCES && this.isEnabled(context, source)) this.setBit(fields.claimed, source, false);
  }

  /** Of the requests that the context has enabled the one with the highest priority above `limit`, then with the lowest number. */
  private best(context: number, limit: number): number {
    let best = 0;
    let highest = limit;
    for (let word = 0; word < SOURCE_WORDS; word++) {
      const enabled = this.host.load32(enable.at(this.context(context), word));
      const claimed = this.host.load32(fields.claimed.at(this.at, word));
      let requests = this.host.load32(fields.pending.at(this.at, word)) & enabled & ~claimed;
      for (; requests !== 0; requests &= requests - 1) {
        const source = word * WORD_BITS + 31 - Math.clz32(requests & -requests);
        const priority = this.host.load32(fields.priority.at(this.at, source));
        if (priority > highest) [best, highest] = [source, priority];
      }
    }
    return best;
  }

  private tellHarts(): void {
    for (let context = 0; context < this.contexts; context++) {
      const [hart, interrupt] = [context >>> 1, MODES[context & 1]!];
      const wanted = this.best(context, threshold.load(this.host, this.context(context))) !== 0;
      if (this.lines.isRaised(hart, interrupt) !== wanted) this.lines.set(hart, interrupt, wanted);
    }
  }

  private isEnabled(context: number, source: number): boolean {
    return isSet(this.host.load32(enable.at(this.context(context), source >>> 5)), source);
  }
  private setBit(words: typeof fields.pending, source: number, value: boolean): void {
    const at = words.at(this.at, source >>> 5);
    const bit = 1 << (source & 31);
    const old = this.host.load32(at);
    this.host.store32(at, (value ? old | bit : old & ~bit) >>> 0);
  }
}

function isSet(word: number, source: number): boolean {
  return ((word >>> (source & 31)) & 1) === 1;
}
