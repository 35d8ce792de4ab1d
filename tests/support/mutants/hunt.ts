import { HOSTED } from '../../../kernel/scenarios/hosted.js';
import { hostedConfig } from '../../../kernel/scenarios/hosted-config.js';
import { CHECK_DEFAULTS } from '../../../src/app/check.js';
import { Exploration } from '../../../src/app/exploration.js';
import { type ExploreThreads, giveBack, takeThreads } from '../../../src/app/explore-threads.js';
import type { FindingKind } from '../../../src/races/finding.js';
import type { Place } from './place.js';

/** A campaign of fixed length, which ends at the first harm. As JSON. */
export interface Hunt {
  /** Each in turn, and from the first again. */
  readonly places: readonly Place[];
  readonly strategies: readonly string[];
  readonly seed: number;
  /** Schedules of each strategy at a place, before the next. */
  readonly each: number;
  /** At most, all together. */
  readonly schedules: number;
}

export interface Hit {
  readonly kind: FindingKind | 'not set up';
  readonly summary: string;
  readonly place: Place;
  readonly strategy: string;
}

export interface Hunted {
  readonly harm: Hit | null;
  /** The first failure that did no harm. */
  readonly race: Hit | null;
  /** That were run, up to the end of the batch that did harm. */
  readonly schedules: number;
}

/** The same every time it is run. */
export async function hunt(task: Hunt): Promise<Hunted> {
  const threads = takeThreads(1);
  try {
    return await huntOn(task, threads);
  } finally {
    await giveBack(threads);
  }
}

async function huntOn({ places, strategies, seed, each, schedules }: Hunt, threads: ExploreThreads): Promise<Hunted> {
  let done = 0;
  let race: Hit | null = null;
  // Each goes on where the last one was, in another place: a schedule's number says in which part of a run it intervenes.
  let first = 0;
  while (places.length > 0)
    for (const place of places) {
      const config = hostedConfig(place);
      const { harts } = config;
      const { stepLimit } = CHECK_DEFAULTS;
      const subject = { kind: HOSTED, config };
      const exploration = new Exploration({ subject, harts, stepLimit, machines: 1, oracle: true, threads });
      for (const strategy of strategies) {
        const count = Math.min(each, schedules - done);
        if (count <= 0) return { harm: null, race, schedules: done };
        try {
          const { failures } = await exploration.batch(strategy, seed, first, count);
          done += count;
          const [hit] = failures.filter(({ harm }) => harm);
          if (hit !== undefined) {
            const { kind, summary } = hit;
            return { harm: { kind, summary, place, strategy }, race, schedules: done };
          }
          const [other] = failures;
          if (other !== undefined) race ??= { kind: other.kind, summary: other.summary, place, strategy };
        } catch (error) {
          // What comes from another thread keeps this class, as SubjectError has it.
          if (!(error instanceof RangeError)) throw error;
          return { harm: { kind: 'not set up', summary: error.message, place, strategy }, race, schedules: done };
        }
      }
      first += each;
    }
  return { harm: null, race, schedules: done };
}
