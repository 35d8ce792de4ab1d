import type { KernelEvent, Question, SharedAccess } from './access.js';
import { Op } from './trace-event.js';

/** Hears of an access before it is made, on the thread that makes it. Bulk accesses are told of by their first byte. */
export type Watcher = (op: Op, address: number) => void;

/** The accesses of another view, each told to a watcher first: for counting them, and for meddling between them. */
export class WatchedAccess implements SharedAccess {
  watcher: Watcher | undefined;

  constructor(private readonly inner: SharedAccess) {}

  load8(address: number): number {
    this.watcher?.(Op.Load, address);
    return this.inner.load8(address);
  }
  store8(address: number, value: number): void {
    this.watcher?.(Op.Store, address);
    this.inner.store8(address, value);
  }
  load32(address: number): number {
    this.watcher?.(Op.Load, address);
    return this.inner.load32(address);
  }
  store32(address: number, value: number): void {
    this.watcher?.(Op.Store, address);
    this.inner.store32(address, value);
  }
  load64(address: number): number {
    this.watcher?.(Op.Load, address);
    return this.inner.load64(address);
  }
  store64(address: number, value: number): void {
    this.watcher?.(Op.Store, address);
    this.inner.store64(address, value);
  }
  /** This and the next are no accesses to those who watch, as to observers. */
  count64(address: number, by: number): void {
    this.inner.count64(address, by);
  }
  stamp32(address: number, kept: number, value: number): number {
    return this.inner.stamp32(address, kept, value);
  }

  atomicLoad32(address: number): number {
    this.watcher?.(Op.AtomicLoad, address);
    return this.inner.atomicLoad32(address);
  }
  atomicStore32(address: number, value: number): void {
    this.watcher?.(Op.AtomicStore, address);
    this.inner.atomicStore32(address, value);
  }
  atomicAdd32(address: number, value: number): number {
    this.watcher?.(Op.AtomicUpdate, address);
    return this.inner.atomicAdd32(address, value);
  }
  atomicOr32(address: number, value: number): number {
    this.watcher?.(Op.AtomicUpdate, address);
    return this.inner.atomicOr32(address, value);
  }
  atomicAnd32(address: number, value: number): number {
    this.watcher?.(Op.AtomicUpdate, address);
    return this.inner.atomicAnd32(address, value);
  }
  atomicExchange32(address: number, value: number): number {
    this.watcher?.(Op.AtomicUpdate, address);
    return this.inner.atomicExchange32(address, value);
  }
  atomicCompareExchange32(address: number, expected: number, value: number): number {
    this.watcher?.(Op.AtomicUpdate, address);
    return this.inner.atomicCompareExchange32(address, expected, value);
  }

  copy(to: number, from: number, bytes: number): void {
    this.watcher?.(Op.BulkRead, from);
    this.watcher?.(Op.BulkWrite, to);
    this.inner.copy(to, from, bytes);
  }
  fill(address: number, byte: number, bytes: number): void {
    this.watcher?.(Op.BulkWrite, address);
    this.inner.fill(address, byte, bytes);
  }
  read(address: number, bytes: number): Uint8Array {
    this.watcher?.(Op.BulkRead, address);
    return this.inner.read(address, bytes);
  }
  write(address: number, data: Uint8Array): void {
    this.watcher?.(Op.BulkWrite, address);
    this.inner.write(address, data);
  }

  spinWhile(address: number, value: number, looks?: number): number {
    return this.inner.spinWhile(address, value, looks);
  }
  delay(rounds: number): void {
    this.inner.delay(rounds);
  }
  pause(address: number, value: number): void {
    this.inner.pause(address, value);
  }
  park(address: number, value: number): void {
    this.inner.park(address, value);
  }
  unpark(address: number, count: number): void {
    this.inner.unpark(address, count);
  }
  ask(question: Question): number {
    return this.inner.ask(question);
  }
  note(event: KernelEvent, a: number, b: number): void {
    this.inner.note(event, a, b);
  }
}
