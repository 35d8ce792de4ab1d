import { beforeEach, describe, expect, it } from 'vitest';
import { AddressSpaces, spacesBlock } from '../../src/guest/address-spaces.js';
import { PageTableView } from '../../src/guest/page-table-view.js';
import { makePte, PAGE_SIZE, Pte } from '../../src/isa/sv39.js';
import { KERNBASE } from '../../src/memory/map.js';
import { Guest } from '../support/guest.js';
import { PageTables } from '../support/page-tables.js';

/** xv6's trampoline, the last page below MAXVA. */
const VECTOR = 2 ** 38 - PAGE_SIZE;
const CODE = KERNBASE + 3 * PAGE_SIZE;
const DATA = KERNBASE + 4 * PAGE_SIZE;
const nothingIsFree = () => false;

let guest: Guest;
let spaces: AddressSpaces;
/** As the hart's own thread has them. */
let notes: AddressSpaces;

beforeEach(() => {
  guest = new Guest(1, undefined, { devices: spacesBlock.size });
  const { memory, hart } = guest;
  [spaces, notes] = [0, 1].map(() => new AddressSpaces(memory, memory.map.devices)) as [AddressSpaces, AddressSpaces];
  hart.setCsr('stvec', BigInt(VECTOR));
  guest.tables.map(VECTOR, CODE, Pte.R | Pte.X);
  guest.tables.map(0, DATA, Pte.R | Pte.W | Pte.U);
});

function load(root: number): void {
  guest.hart.setAddressSpace(root);
  notes.note(guest.hart);
}

describe('address spaces by satp', () => {
  it('are those that a hart has loaded, each once', () => {
    const { root } = guest.tables;
    expect(spaces.takeStock(nothingIsFree)).toEqual([]);
    for (const one of [root, 0, root]) load(one);
    expect(spaces.takeStock(nothingIsFree)).toEqual([root]);
  });

  it('are alive no more when the root is free, or what it held is something else', () => {
    const { root } = guest.tables;
    load(root);
    expect(spaces.takeStock((frame) => frame === root)).toEqual([]);
    expect(spaces.takeStock(nothingIsFree)).toEqual([]);
    // The same frame is a root again, and its hart, which knew it before, notes it.
    for (const one of [0, root]) load(one);
    expect(spaces.takeStock(nothingIsFree)).toEqual([root]);
    guest.memory.ram.fill(root, 5, PAGE_SIZE);
    expect(spaces.takeStock(nothingIsFree)).toEqual([]);
  });

  it.each([
    ['is taken away', 0],
    ['has become the program’s', makePte(CODE, Pte.V | Pte.R | Pte.X | Pte.U)],
    ['lies in another frame', makePte(DATA, Pte.V | Pte.R | Pte.X)],
    ['is no code', makePte(CODE, Pte.V | Pte.R)],
  ])('are alive no more when the page of the trap vector %s', (_, entry) => {
    const { root } = guest.tables;
    load(root);
    guest.memory.ram.store64(guest.tables.pteAddress(VECTOR), entry);
    expect(spaces.takeStock(nothingIsFree)).toEqual([]);
  });

  it('are none in which the hart could not be interrupted', () => {
    guest.memory.ram.store64(guest.tables.pteAddress(VECTOR), 0);
    load(guest.tables.root);
    expect(spaces.takeStock(nothingIsFree)).toEqual([]);
  });

  it('beyond those that there is room for are not known, and harm nobody', () => {
    const { memory } = guest;
    // More than there is room for, with the same tables below them.
    const roots = Array.from({ length: 1100 }, (_, i) => KERNBASE + (8 + i) * PAGE_SIZE);
    for (const root of roots) {
      memory.ram.write(root, memory.ram.read(guest.tables.root, PAGE_SIZE));
      load(root);
    }
    const known = spaces.takeStock(nothingIsFree);
    expect(known).toEqual(roots.slice(0, known.length));
    expect(known.length).toBe(1024);
  });
});

describe('page tables in memory', () => {
  it('tell which frames they map, for whom, superpages page by page', () => {
    const tables = new PageTables(guest.memory);
    tables.map(0x1000, DATA, Pte.R | Pte.U);
    tables.map(VECTOR, CODE, Pte.X);
    tables.map(2 ** 21, KERNBASE, Pte.R | Pte.W, 1);
    // What lies outside RAM is no frame.
    tables.map(0x2000, 0x1000_0000, Pte.R | Pte.W);
    const pages = new PageTableView(guest.memory).pages(tables.root);
    expect(pages.filter(({ va }) => va < 2 ** 21 || va === VECTOR)).toEqual([
      { va: 0x1000, frame: DATA, isUsers: true },
      { va: VECTOR, frame: CODE, isUsers: false },
    ]);
    const large = pages.filter(({ va }) => va >= 2 ** 21 && va < 2 ** 22);
    expect(large.map(({ va, frame }) => frame - va)).toEqual(Array(512).fill(KERNBASE - 2 ** 21));
  });

  it('that lead in a circle have an end', () => {
    const { root } = guest.tables;
    guest.memory.ram.store64(root, makePte(root, Pte.V));
    const view = new PageTableView(guest.memory);
    expect(view.tables(root).has(root)).toBe(true);
    expect(view.pages(root).map(({ va }) => va)).toEqual([VECTOR]);
  });
});
