import type { KernelEvent, Question, SharedAccess } from './access.js';
import type { DirectAccess } from './direct-access.js';
import { PGSIZE } from './map.js';

/** Somebody waits for what nobody does, or does not come to an end. */
export class NoEnd extends Error {
  override readonly name = 'NoEnd';
}

/**
 * Accesses of one thread that is alone, and that are taken back afterwards: to see what would become of memory as it is.
 * Whoever would have to wait waits for ever, so that throws NoEnd, and so does an access beyond `most`.
 */
export class TentativeAccess implements SharedAccess {
  /** What the pages held that have been written since, by address. */
  private readonly before = new Map<number, Uint8Array>();
  private accesses = 0;

  constructor(
    private readonly ram: DirectAccess,
    private readonly most: number,
  ) {}

  /** Memory is what it was. */
  takeBack(): void {
    for (const [page, bytes] of this.before) this.ram.write(page, bytes);
    this.before.clear();
  }

  /** Whether the page at that address has been written since. */
  hasWritten(page: number): boolean {
    return this.before.has(page);
  }

  load8(address: number): number {
    this.count();
    return this.ram.load8(address);
  }
  store8(address: number, value: number): void {
    this.keep(address, 1);
    this.ram.store8(address, value);
  }
  load32(address: number): number {
    this.count();
    return this.ram.load32(address);
  }
  store32(address: number, value: number): void {
    this.keep(address, 4);
    this.ram.store32(address, value);
  }
  load64(address: number): number {
    this.count();
    return this.ram.load64(address);
  }
  store64(address: number, value: number): void {
    this.keep(address, 8);
    this.ram.store64(address, value);
  }
  count64(address: number, by: number): void {
    this.keep(address, 8);
    this.ram.count64(address, by);
  }
  stamp32(address: number, kept: number, value: number): number {
    this.keep(address, 4);
    return this.ram.stamp32(address, kept, value);
  }

  atomicLoad32(address: number): number {
    this.count();
    return this.ram.atomicLoad32(address);
  }
  atomicStore32(address: number, value: number): void {
    this.keep(address, 4);
    this.ram.atomicStore32(address, value);
  }
  atomicAdd32(address: number, value: number): number {
    this.keep(address, 4);
    return this.ram.atomicAdd32(address, value);
  }
  atomicOr32(address: number, value: number): number {
    this.keep(address, 4);
    return this.ram.atomicOr32(address, value);
  }
  atomicAnd32(address: number, value: number): number {
    this.keep(address, 4);
    return this.ram.atomicAnd32(address, value);
  }
  atomicExchange32(address: number, value: number): number {
    this.keep(address, 4);
    return this.ram.atomicExchange32(address, value);
  }
  atomicCompareExchange32(address: number, expected: number, value: number): number {
    this.keep(address, 4);
    return this.ram.atomicCompareExchange32(address, expected, value);
  }

  copy(to: number, from: number, bytes: number): void {
    this.keep(to, bytes);
    this.ram.copy(to, from, bytes);
  }
  fill(address: number, byte: number, bytes: number): void {
    this.keep(address, bytes);
    this.ram.fill(address, byte, bytes);
  }
  read(address: number, bytes: number): Uint8Array {
    this.count();
    return this.ram.read(address, bytes);
  }
  write(address: number, data: Uint8Array): void {
    this.keep(address, data.length);
    this.ram.write(address, data);
  }

  spinWhile(address: number, value: number): number {
    return this.wait(address, value);
  }
  delay(_rounds: number): void {}
  pause(address: number, value: number): void {
    this.wait(address, value);
  }
  park(address: number, value: number): void {
    this.wait(address, value);
  }
  unpark(_address: number, _count: number): void {}

  ask(_question: Question): number {
    return 0;
  }
  note(_event: KernelEvent, _a: number, _b: number): void {}

  /** Nobody else is there to change the word. */
  private wait(address: number, value: number): number {
    if (this.ram.atomicLoad32(address) === value) throw new NoEnd('it waits for what nobody is there to do');
    return 1;
  }

  private count(): void {
    if (++this.accesses > this.most) throw new NoEnd(`it has no end after ${this.most} accesses`);
  }

  private keep(address: number, bytes: number): void {
    this.count();
    for (let page = address - (address % PGSIZE); page < address + bytes; page += PGSIZE)
      if (!this.before.has(page)) this.before.set(page, this.ram.read(page, PGSIZE));
  }
}
