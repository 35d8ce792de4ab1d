import { Interrupt } from '../isa/causes.js';
import { type Csr, csrs } from '../isa/csrs.js';
import { makeSatp, PAGE_SIZE } from '../isa/sv39.js';
import type { DirectAccess } from '../memory/direct-access.js';
import {
  AccessKind,
  controlBlock,
  type HartMap,
  hartBlock,
  PROBE_BITS,
  type StopRequest,
  type Watch,
} from '../memory/map.js';
import type { SharedMemory } from '../memory/shared-memory.js';
import type { Engine } from './engine.js';
import { BARE, NEVER_CACHED, translationModes } from './translation-context.js';

export const REGISTER_BYTES = 32 * 8;
const fields = hartBlock.fields;
/** Of the mode, in satp's upper word (Privileged ISA §4.1.11). */
const SATP_MODE_SHIFT = 28;
const EXTERNAL = 1 << Interrupt.SupervisorExternal;

/** What guest code is about to do. */
export interface Announced {
  readonly kind: AccessKind;
  readonly size: number;
  /** aq (2) and rl (1) of an atomic access; of a fence its immediate. */
  readonly order: number;
}

/** An access outside RAM, aligned. */
export interface BusAccess {
  /** Physical. */
  readonly address: number;
  readonly size: number;
  readonly stores: boolean;
}

/** One hart as its own thread sees it: architectural state in the shared memory, and the engine that runs it. */
export class Hart {
  readonly map: HartMap;
  private readonly host: DirectAccess;
  /** Value of the doorbell when the hart last declared itself idle; it parks only while the bell still has it. */
  notedBell = 0;
  constructor(
    readonly id: number,
    readonly memory: SharedMemory,
    readonly engine: Engine,
  ) {
    const map = memory.map.harts[id];
    if (map === undefined) throw new RangeError(`there is no hart ${id}`);
    this.map = map;
    this.host = memory.host;
  }

  /** Register x`index` as a signed 64-bit value. */
  getX(index: number): bigint {
    return this.host.loadBig64(fields.x.at(this.map.block, index));
  }
  setX(index: number, value: bigint): void {
    if (index !== 0) this.host.storeBig64(fields.x.at(this.map.block, index), value);
  }
  /** As a double, exact up to 2^53: enough for addresses, sizes and small numbers; anything larger is nobody's address. */
  getNumber(index: number): number {
    return Number(this.getX(index));
  }

  get pc(): bigint {
    return BigInt.asUintN(64, this.host.loadBig64(this.map.block + fields.pc.offset));
  }
  set pc(value: bigint) {
    this.host.storeBig64(this.map.block + fields.pc.offset, value);
  }
  /** xtval of the last trap, unsigned. */
  get trapValue(): bigint {
    return BigInt.asUintN(64, this.host.loadBig64(this.map.block + fields.value.offset));
  }
  /** The same as a double: exact for every address below 2^53, and above the user's end for any other. */
  get trapAddress(): number {
    return fields.value.load(this.host, this.map.block);
  }
  get cause(): number {
    return fields.cause.load(this.host, this.map.block);
  }
  get privilege(): number {
    return fields.privilege.load(this.host, this.map.block);
  }
  set privilege(mode: number) {
    fields.privilege.store(this.host, this.map.block, mode);
    this.settleTranslations();
  }

  /**
   * After a change of the mode, of mstatus or of satp: forgets the cached translations unless they are what a walk would
   * find now, as they are in every mode while nothing is translated.
   */
  settleTranslations(): void {
    const { host } = this;
    const { block } = this.map;
    const { cachedModes, cachedSatp } = fields;
    const satp = fields.csr.at(block, csrs.satp.slot);
    const [low, high] = [host.load32(satp), host.load32(satp + 4)];
    const status = host.load32(fields.csr.at(block, csrs.mstatus.slot));
    const modes = high >>> SATP_MODE_SHIFT === 0 ? BARE : translationModes(this.privilege, status);
    const isSame =
      cachedModes.load(host, block) === modes &&
      (modes === BARE ||
        (host.load32(cachedSatp.at(block, 0)) === low && host.load32(cachedSatp.at(block, 1)) === high));
    if (isSame) return;
    cachedModes.store(host, block, modes);
    host.store32(cachedSatp.at(block, 0), low);
    host.store32(cachedSatp.at(block, 1), high);
    this.engine.flushTlb();
  }

  getCsr(csr: Csr): bigint {
    return BigInt.asUintN(64, this.host.loadBig64(fields.csr.at(this.map.block, csrs[csr].slot)));
  }
  /** Stores as it is; writing through the CSR file's rules is `csr-file.ts`. */
  setCsr(csr: Csr, value: bigint): void {
    this.host.storeBig64(fields.csr.at(this.map.block, csrs[csr].slot), value);
  }
  /** Switches the address space: root table at `root` (physical, page aligned), Sv39; 0 turns translation off. Forgets cached translations. */
  setAddressSpace(root: number): void {
    this.setCsr('satp', root === 0 ? 0n : makeSatp(root));
    fields.cachedModes.store(this.host, this.map.block, NEVER_CACHED);
    this.settleTranslations();
  }
  /** The root table that satp names (physical); 0 while translation is off. As a double, which is exact: RAM ends below 2^32. */
  get addressSpace(): number {
    const at = fields.csr.at(this.map.block, csrs.satp.slot);
    const isOn = this.host.load32(at + 4) >>> SATP_MODE_SHIFT !== 0;
    return isOn ? this.host.load32(at) * PAGE_SIZE : 0;
  }
  /** sfence.vma on this hart: every address space; `address` narrows it to one page (an engine may forget more). */
  sfenceVma(address?: number): void {
    this.engine.flushTlb(address);
  }

  /** x0 to x31, 256 bytes: what a trapframe keeps. */
  get registers(): Uint8Array {
    return this.host.read(fields.x.at(this.map.block, 0), REGISTER_BYTES);
  }
  set registers(bytes: Uint8Array) {
    this.host.write(fields.x.at(this.map.block, 0), bytes);
  }
  /** Whether an sc to the physical address could succeed, if nobody has stored there since the lr. */
  reserves(address: number): boolean {
    const { reservedGranule, reservedAddress } = fields;
    const { block } = this.map;
    return reservedGranule.load(this.host, block) !== 0 && reservedAddress.load(this.host, block) === address;
  }
  /** A reservation does not outlive a context switch. */
  dropReservation(): void {
    fields.reservedGranule.store(this.host, this.map.block, 0);
  }

  /** Whether the engine stops before accesses of guest code. Turning it on forgets translations that nobody watched. */
  set watch(watch: Watch) {
    const before = fields.watch.load(this.host, this.map.block);
    fields.watch.store(this.host, this.map.block, watch);
    if (before === 0) this.engine.flushTlb();
  }
  /** What the engine announced on `Exit.Access`; the virtual address is `trapAddress`. */
  get announced(): Announced {
    const { accessKind, accessSize, accessOrder } = fields;
    const { block } = this.map;
    return {
      kind: accessKind.load(this.host, block) as AccessKind,
      size: accessSize.load(this.host, block),
      order: accessOrder.load(this.host, block),
    };
  }

  /** What the engine found outside RAM on `Exit.Bus`. */
  get bus(): BusAccess {
    const { accessKind, accessSize, busAddress } = fields;
    const { block } = this.map;
    return {
      address: busAddress.load(this.host, block),
      size: accessSize.load(this.host, block),
      stores: accessKind.load(this.host, block) === AccessKind.Store,
    };
  }
  /** What a store puts there; the bytes beyond its size mean nothing. */
  get busValue(): bigint {
    return BigInt.asUintN(64, this.host.loadBig64(this.map.block + fields.busValue.offset));
  }
  /** The access has been carried out, and a load gave this. Before anything else the engine is to finish the instruction, with a budget. */
  answerBus(loaded: bigint): void {
    const { block } = this.map;
    this.host.storeBig64(block + fields.busValue.offset, loaded);
    fields.busAnswered.store(this.host, block, 1);
  }

  /** Records a synchronous exception of the current instruction, as the engine does on `Exit.Trap`. */
  setTrap(cause: number, value: bigint): void {
    fields.cause.store(this.host, this.map.block, cause);
    this.host.storeBig64(this.map.block + fields.value.offset, value);
  }
  /** The instruction at pc, which has this many bytes, has been carried out by somebody other than the engine. */
  retire(bytes: number): void {
    const { block } = this.map;
    this.host.count64(block + fields.pc.offset, bytes);
    this.host.count64(block + fields.instret.offset, 1);
    this.spend(1);
  }

  /** Bits of mip. Others set and clear theirs at any time, so each change is one atomic step. */
  get pending(): number {
    return fields.pending.load(this.host, this.map.block) | (this.externalByWrite ? EXTERNAL : 0);
  }
  /** Bits of mie. */
  get enabledInterrupts(): number {
    return this.host.load32(fields.csr.at(this.map.block, csrs.mie.slot));
  }
  /** mip.SEIP as it was written, which is or-ed to what the interrupt controller says (Privileged ISA, "Machine Interrupt Registers"). */
  get externalByWrite(): boolean {
    return fields.externalByWrite.load(this.host, this.map.block) !== 0;
  }
  set externalByWrite(pending: boolean) {
    fields.externalByWrite.store(this.host, this.map.block, pending ? 1 : 0);
  }
  setPending(interrupts: number): void {
    fields.pending.or(this.host, this.map.block, interrupts);
  }
  clearPending(interrupts: number): void {
    fields.pending.and(this.host, this.map.block, ~interrupts >>> 0);
  }

  /** Instructions until the engine hands control back. */
  get budget(): number {
    return Number(this.host.loadBig64(this.map.block + fields.budget.offset));
  }
  set budget(instructions: number) {
    if (instructions >= 0) this.host.store64(this.map.block + fields.budget.offset, instructions);
    else this.host.storeBig64(this.map.block + fields.budget.offset, BigInt(instructions));
  }
  /** Takes instructions off the budget, below 2^31; whether nothing is left of it. */
  spend(instructions: number): boolean {
    const at = this.map.block + fields.budget.offset;
    const low = this.host.load32(at);
    const high = this.host.load32(at + 4);
    const left = (low - instructions) >>> 0;
    const above = low < instructions ? (high - 1) >>> 0 : high;
    this.host.store32(at, left);
    if (above !== high) this.host.store32(at + 4, above);
    return above >>> 31 === 1 || (above | left) === 0;
  }
  /** A watched hart stops where it jumps to this address, and to others that share its bit. */
  probe(pc: number): void {
    const bit = (pc >>> 1) & (PROBE_BITS - 1);
    const at = fields.probes.at(this.map.block, bit >>> 5);
    this.host.store32(at, (this.host.load32(at) | (1 << (bit & 31))) >>> 0);
  }
  get instret(): number {
    return fields.instret.load(this.host, this.map.block);
  }

  get stopRequest(): StopRequest {
    return controlBlock.fields.stop.load(this.host, this.memory.map.control) as StopRequest;
  }
}
