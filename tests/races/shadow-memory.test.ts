import { describe, expect, it } from 'vitest';
import { KERNBASE, PGSIZE } from '../../src/memory/map.js';
import { HappensBefore } from '../../src/races/happens-before.js';
import { ShadowMemory } from '../../src/races/shadow-memory.js';
import { Kind } from '../../src/races/vector-clock.js';
import { store, watch } from '../support/trace-events.js';

const HARTS = 8;
const RAM = 2 ** 31;
const LAST_WORD = KERNBASE + RAM - 4;

describe('shadow memory', () => {
  it('of 2 GiB and 8 harts costs what a run touches', () => {
    const shadow = new ShadowMemory(HARTS, RAM);
    shadow.begin();
    expect(shadow.words.pages + shadow.pages.pages).toBe(0);
    for (const address of [KERNBASE, KERNBASE + PGSIZE, LAST_WORD]) shadow.touchWord(shadow.wordAt(address));
    shadow.touchPage(shadow.pageOf(shadow.wordAt(LAST_WORD)));
    expect(shadow.words.pages).toBe(3);
    expect(shadow.pages.pages).toBe(1);
  });

  it('costs no more for another run that touches the same', () => {
    const shadow = new ShadowMemory(HARTS, RAM);
    const run = () => {
      shadow.begin();
      shadow.touchWord(shadow.wordAt(LAST_WORD));
      return shadow.words.pages;
    };
    expect(run()).toBe(run());
  });

  it('has forgotten an access when the next run begins', () => {
    const shadow = new ShadowMemory(HARTS, RAM);
    const word = shadow.wordAt(LAST_WORD);
    shadow.begin();
    shadow.words.remember(shadow.touchWord(word), 7, Kind.Write, 5, true, 9);
    const record = shadow.touchWord(word);
    expect(shadow.words.time(record, 7, Kind.Write)).toBe(5);
    expect(shadow.words.event(record, 7, Kind.Write)).toBe(9);
    expect(shadow.touchedWords(shadow.pageOf(word))).toEqual([record]);
    shadow.begin();
    expect(shadow.words.time(shadow.touchWord(word), 7, Kind.Write)).toBe(0);
  });

  it('lets happens-before see a race on the last word of 2 GiB', () => {
    const observer = new HappensBefore({
      harts: HARTS,
      ramSize: RAM,
      describe: (address) => `0x${address.toString(16)}`,
      allocatorLocks: [],
      guardOf: () => undefined,
      atStart: { mappedBy: new Map(), free: new Set() },
      pidsAtStart: [],
    });
    const [race] = watch(observer, [store(0, LAST_WORD), store(HARTS - 1, LAST_WORD)]);
    expect(race).toMatchObject({ kind: 'data-race', events: [0, 1] });
  });
});
