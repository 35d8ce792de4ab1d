import type { Verdict } from '../books/verdict.js';
import { DATA, MORE_DATA, type Stage } from './stage.js';

/** What `bootFamily` leaves in every process's data pages. */
const INHERITED = 1;

/**
 * What each process of the family must see: its own word at DATA, and in the page that nobody wrote what it inherited.
 * A process that is expected to have nothing (`undefined`) is not looked at.
 */
export function sharedPageVerdicts(stage: Stage, expected: readonly (number | undefined)[]): Verdict[] {
  const verdicts: Verdict[] = [];
  expected.forEach((value, slot) => {
    if (value === undefined) return;
    const process = stage.layout.procs[slot]!;
    for (const [va, right, place] of [
      [DATA, value, 'not what was written'],
      [MORE_DATA, INHERITED, 'what was inherited has changed'],
    ] as const) {
      const seen = stage.word(process, va);
      if (seen === right) continue;
      const summary = `proc[${slot}] sees ${seen ?? 'no page'} at 0x${va.toString(16)} where its own last write was ${right}`;
      verdicts.push({ place, summary });
    }
  });
  return verdicts;
}
