import type { DirectAccess } from '../memory/direct-access.js';
import type { SharedMemory } from '../memory/shared-memory.js';
import { HartState, hartTurn, MAX_WAITS, type ScheduleMap, scheduleBlock, waitWord } from './schedule-block.js';

const block = scheduleBlock.fields;
const turnOf = hartTurn.fields;

/** A word that a hart waits for: that it no longer holds the value. */
export interface WaitedWord {
  readonly address: number;
  readonly value: number;
}

/** The access that a hart will make when it goes on; no bytes: that is not known. */
export interface PendingAccess {
  readonly address: number;
  readonly bytes: number;
  readonly writes: boolean;
}

/** Which harts of a controlled run can go on, as the shared block has it. While a hart has the turn only it changes this. */
export class HartTurns {
  private readonly host: DirectAccess;
  private readonly ram: DirectAccess;
  private readonly at: number;

  constructor(memory: SharedMemory, map: ScheduleMap) {
    this.host = memory.host;
    this.ram = memory.ram;
    this.at = map.block;
  }

  get count(): number {
    return block.hartCount.load(this.host, this.at);
  }

  /** Address of the hart's `hartTurn`. */
  of(hart: number): number {
    return block.harts.at(this.at, hart);
  }

  state(hart: number): HartState {
    return turnOf.state.load(this.host, this.of(hart)) as HartState;
  }

  setState(hart: number, state: HartState): void {
    turnOf.state.store(this.host, this.of(hart), state);
  }

  /**
   * The hart cannot go on until one of the words, `MAX_WAITS` at most, changes.
   * @param view of which memory: guest RAM, or the host-side blocks
   * @param forced whether it cannot go on without a change, even if nobody else can go on
   */
  block(hart: number, view: 'ram' | 'host', words: readonly WaitedWord[], forced: boolean): void {
    if (words.length > MAX_WAITS) throw new RangeError(`a hart waits for ${MAX_WAITS} words at most`);
    const turn = this.of(hart);
    this.setState(hart, HartState.Blocked);
    turnOf.host.store(this.host, turn, view === 'host' ? 1 : 0);
    turnOf.patient.store(this.host, turn, forced ? 0 : 1);
    turnOf.waitCount.store(this.host, turn, words.length);
    words.forEach(({ address, value }, i) => {
      const word = turnOf.waits.at(turn, i);
      waitWord.fields.address.store(this.host, word, address);
      waitWord.fields.value.store(this.host, word, value >>> 0);
    });
  }

  /** What a blocked hart waits for. */
  waits(hart: number): { readonly host: boolean; readonly words: readonly WaitedWord[] } {
    const turn = this.of(hart);
    const words = Array.from({ length: turnOf.waitCount.load(this.host, turn) }, (_, i) => this.wait(turn, i));
    return { host: turnOf.host.load(this.host, turn) === 1, words };
  }

  isAble(hart: number): boolean {
    const state = this.state(hart);
    if (state !== HartState.Blocked) return state === HartState.Ready;
    const turn = this.of(hart);
    const view = turnOf.host.load(this.host, turn) === 1 ? this.host : this.ram;
    for (let i = 0; i < turnOf.waitCount.load(this.host, turn); i++) {
      const { address, value } = this.wait(turn, i);
      if (view.load32(address) !== value) return true;
    }
    return false;
  }

  /** A hart that waits, and may go on without a change when nobody else can. */
  patient(): number | undefined {
    for (let hart = 0; hart < this.count; hart++)
      if (this.state(hart) === HartState.Blocked && turnOf.patient.load(this.host, this.of(hart)) === 1) return hart;
    return undefined;
  }

  /** Whether the hart may be given the turn: it is able, or nobody is and it is patient. */
  canGoOn(hart: number): boolean {
    return this.isAble(hart) || (this.mostPreferredAble() === undefined && this.patient() === hart);
  }

  ableOthers(hart: number): number[] {
    const others: number[] = [];
    for (let other = 0; other < this.count; other++) if (other !== hart && this.isAble(other)) others.push(other);
    return others;
  }

  /** Harts, the most preferred first. */
  preference(): number[] {
    return Array.from({ length: this.count }, (_, i) => this.host.load32(block.preference.at(this.at, i)));
  }

  /** The hart becomes the least preferred. */
  demote(hart: number): void {
    const order = [...this.preference().filter((other) => other !== hart), hart];
    order.forEach((other, i) => {
      this.host.store32(block.preference.at(this.at, i), other);
    });
  }

  mostPreferredAble(): number | undefined {
    const { count } = this;
    for (let i = 0; i < count; i++) {
      const hart = this.host.load32(block.preference.at(this.at, i));
      if (this.isAble(hart)) return hart;
    }
    return undefined;
  }

  /** Whether a hart that is preferred to this one has not finished: it may become able. */
  hasRival(hart: number): boolean {
    const { count } = this;
    for (let i = 0; i < count; i++) {
      const other = this.host.load32(block.preference.at(this.at, i));
      if (other === hart) return false;
      if (this.state(other) !== HartState.Finished) return true;
    }
    return false;
  }

  pending(hart: number): PendingAccess {
    const turn = this.of(hart);
    return {
      address: turnOf.pendingAddress.load(this.host, turn),
      bytes: turnOf.pendingBytes.load(this.host, turn),
      writes: turnOf.pendingWrites.load(this.host, turn) === 1,
    };
  }

  setPending(hart: number, { address, bytes, writes }: PendingAccess): void {
    const turn = this.of(hart);
    turnOf.pendingAddress.store(this.host, turn, address);
    turnOf.pendingBytes.store(this.host, turn, bytes);
    turnOf.pendingWrites.store(this.host, turn, writes ? 1 : 0);
  }

  private wait(turn: number, i: number): WaitedWord {
    const word = turnOf.waits.at(turn, i);
    const { address, value } = waitWord.fields;
    return { address: address.load(this.host, word), value: value.load(this.host, word) };
  }
}
