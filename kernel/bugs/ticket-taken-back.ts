import { spinlock } from '../locks/spinlock.js';
import { TicketLocks, ticket } from '../locks/ticket.js';
import type { Bug } from './bug.js';
import { everyDesign } from './which-designs.js';

const { next, owner } = spinlock.fields;

class TakenBack extends TicketLocks {
  protected override serveNext(lock: number): void {
    const mine = owner.load(this.mem, lock);
    if (next.load(this.mem, lock) === mine + 1) next.store(this.mem, lock, mine);
    else super.serveNext(lock);
  }
}

export const ticketTakenBack: Bug = {
  name: 'ticket-taken-back',
  summary: 'a release that hands nothing on: nobody waits, so it takes its ticket back by a plain store',
  explanation:
    'Release finds that no ticket was drawn after its own, and takes that one back: it stores the old value of `next`, ' +
    'and leaves the turn as it is. A hart that draws between the look and the store has the ticket after it, whose turn ' +
    'does not come: the lock is free, and it waits. The same number is then drawn again, so that two can have one.',
  designs: everyDesign,
  lock: ticket.name,
  harmful: true,
  expected: ['deadlock', 'wrong-result', 'panic', 'data-race'],
  scenario: 'three-at-a-lock',
  change: (sound) => ({ ...sound, lock: { ...sound.lock, Locks: TakenBack } }),
};
