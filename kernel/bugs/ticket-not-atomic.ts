import { spinlock } from '../locks/spinlock.js';
import { TicketLocks, ticket } from '../locks/ticket.js';
import type { Bug } from './bug.js';
import { everyDesign } from './which-designs.js';

const { next } = spinlock.fields;

class NotAtomic extends TicketLocks {
  protected override draw(lock: number): number {
    const drawn = next.load(this.mem, lock);
    next.store(this.mem, lock, drawn + 1);
    return drawn;
  }
}

export const ticketNotAtomic: Bug = {
  name: 'ticket-not-atomic',
  summary: 'a ticket is drawn by a load and a store: two harts have the same one',
  explanation:
    'The next ticket is loaded and the one after it stored, where an atomic add belongs. Two harts that draw at once ' +
    'have the same ticket, and when its turn comes both enter. The first to leave passes the turn on, the second ' +
    'passes it on once more, past a ticket that somebody may have drawn, who then waits for ever.',
  designs: everyDesign,
  lock: ticket.name,
  harmful: true,
  expected: ['wrong-result', 'panic', 'deadlock', 'data-race'],
  scenario: 'three-at-a-lock',
  change: (sound) => ({ ...sound, lock: { ...sound.lock, Locks: NotAtomic } }),
};
