import type { EngineFigures } from '../machine/machine-control.js';
import { figure, textTable } from './table.js';

const HEADS = [
  'hart',
  'instructions',
  'MIPS',
  'regions',
  'cache hits',
  'translating',
  'TLB fills: read',
  'write',
  'fetch',
];

/** What `--stats` prints: a row for each hart. MIPS: millions of instructions a second of the whole run, `seconds` long. */
export function engineText(harts: readonly EngineFigures[], seconds: number): string {
  return textTable(
    HEADS,
    harts.map(({ instructions, tlbFills, regions, cacheHits, translation }, hart) => [
      String(hart),
      figure(instructions),
      figure(seconds > 0 ? instructions / seconds / 1e6 : 0),
      figure(regions),
      figure(cacheHits),
      `${translation.toFixed(1)} ms`,
      figure(tlbFills.reads),
      figure(tlbFills.writes),
      figure(tlbFills.fetches),
    ]),
  );
}
