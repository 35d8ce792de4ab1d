import { coreMap } from '../page-sharing/core-map/core-map.js';
import { hiddenWrite } from '../page-sharing/hidden-write/hidden-write.js';
import type { Scheduler } from '../process/scheduler.js';
import type { Bug } from './bug.js';

const inScheduler = (Sound: typeof Scheduler) =>
  class ReservationKept extends Sound {
    protected override dropReservation(): void {}
  };

export const reservationKept: Bug = {
  name: 'reservation-kept',
  summary: "a hart takes up another process with the last one's load reservation still in it",
  explanation:
    'A reservation belongs to a hart, so whoever switches processes must end it. Mostly one that was kept is lost by ' +
    'itself: any store to the granule ends it, and an sc to a shared page gets a copy in another frame. But when a ' +
    'process exits between lr and sc, and the next one on the hart is then the last sharer of the page and keeps the ' +
    'frame, an sc of that process, which has no reservation, succeeds and stores.',
  // The others copy also for the last sharer.
  designs: [coreMap.name, hiddenWrite.name],
  harmful: true,
  expected: ['content'],
  scenario: 'exit-reserved',
  change: (sound) => ({ ...sound, Scheduler: inScheduler(sound.Scheduler) }),
};
