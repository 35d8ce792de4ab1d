import { KernelEvent } from '../memory/access.js';
import type { TraceEvent } from '../memory/trace-event.js';
import type { Finding } from './finding.js';
import type { Observer, ObserverContext } from './observer.js';

/**
 * Accesses of user code through a translation that its hart still caches and that the page table no longer grants: a
 * flush is missing. The hart itself tells, as it knows both; one finding for each page and kind of access.
 */
export class StaleTlb implements Observer {
  readonly name = 'stale-tlb';
  readonly notesOnly = true;
  private readonly found = new Map<string, Finding>();
  /** By hart. */
  private pids: number[] = [];

  constructor(private readonly context: Pick<ObserverContext, 'pidsAtStart'>) {}

  begin(): void {
    this.found.clear();
    this.pids = [...this.context.pidsAtStart];
  }

  observe({ note, hart, address, value }: TraceEvent, index: number): void {
    if (note === KernelEvent.ProcessSwitched) this.pids[hart] = value;
    if (note !== KernelEvent.StaleStore && note !== KernelEvent.StaleLoad) return;
    const does = note === KernelEvent.StaleStore ? 'stores to' : 'loads from';
    const summary = `pid ${this.pids[hart]} on hart ${hart} ${does} 0x${address.toString(16)} by a cached translation of 0x${value.toString(16)} that the page table no longer grants`;
    // The access itself stands right before the note.
    if (!this.found.has(summary))
      this.found.set(summary, { kind: 'stale-tlb', place: does, summary, events: [index - 1, index], advisory: false });
  }

  findings(): readonly Finding[] {
    return [...this.found.values()];
  }
}
