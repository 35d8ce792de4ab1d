import { describe, expect, it } from 'vitest';
import { PagedCells } from '../../src/memory/paged-cells.js';

const PLACES = 1 << 20;
const PER_PLACE = 3;

describe('paged cells', () => {
  it('read as zeros until they are claimed, and take no memory for it', () => {
    const cells = new PagedCells(PLACES, PER_PLACE);
    for (const place of [0, 255, 256, PLACES - 1])
      for (let i = 0; i < PER_PLACE; i++) expect(cells.get(cells.find(place) + i)).toBe(0);
    expect(cells.pages).toBe(0);
  });

  it('keep what each place was given, however many pages there come to be', () => {
    const cells = new PagedCells(PLACES, PER_PLACE);
    const places = Array.from({ length: 100 }, (_, i) => (i * 40_961) % PLACES);
    for (const place of places) {
      const at = cells.claim(place);
      for (let i = 0; i < PER_PLACE; i++) cells.set(at + i, place + i);
    }
    for (const place of places)
      for (let i = 0; i < PER_PLACE; i++) expect(cells.get(cells.find(place) + i)).toBe(place + i);
    expect(cells.find(places[1]! + 1)).toBe(cells.find(places[1]!) + PER_PLACE);
  });

  it('take a page for places that lie together, and one for each that lies apart', () => {
    const cells = new PagedCells(PLACES, PER_PLACE);
    for (let place = 0; place < 100; place++) cells.claim(place);
    expect(cells.pages).toBe(1);
    cells.claim(PLACES - 1);
    cells.claim(PLACES / 2);
    expect(cells.pages).toBe(3);
  });
});
