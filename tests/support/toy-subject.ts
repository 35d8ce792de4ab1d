import type { Outcome } from '../../src/explore/outcome.js';
import type { Lock, MemoryRange, Names, Subject, SubjectKind } from '../../src/explore/subject.js';
import { Question } from '../../src/memory/access.js';
import { KERNBASE, PGSIZE } from '../../src/memory/map.js';
import type { SharedMemory } from '../../src/memory/shared-memory.js';
import type { Complaint } from '../../src/races/finding.js';
import type { ObserverContext } from '../../src/races/observer.js';
import { TOTAL, type ToyDuel, toyDuels, toyWords } from './toy-duels.js';

export interface ToyConfig {
  readonly duel: ToyDuel;
  readonly harts: number;
  readonly mayFail?: number;
}

const { COUNTER, LEFT, RIGHT, LOCK_A, LOCK_B } = toyWords;

function nameOf(address: number): string {
  return Object.entries(toyWords).find(([, at]) => at === address)?.[0] ?? `0x${address.toString(16)}`;
}

/** The second subject there is: a few words, two locks and books that a page of tests can be checked against by hand. */
class ToySubject implements Subject {
  readonly title: string;
  readonly questions = [Question.AllocationFails];
  readonly traceTellsAll = true;
  readonly untraced: readonly MemoryRange[] = [];

  readonly mayFail: number;

  constructor(
    readonly memory: SharedMemory,
    private readonly config: ToyConfig,
  ) {
    this.mayFail = config.mayFail ?? 0;
    this.title = `toy ${config.duel}`;
    memory.ram.store32(LEFT, config.duel === 'transfer' ? TOTAL : 0);
  }

  names(): Names {
    return { describe: nameOf, pageOfEntry: () => undefined, look() {} };
  }

  lockAt(address: number): Lock | undefined {
    if (address !== LOCK_A && address !== LOCK_B) return undefined;
    return { name: nameOf(address), holder: (value) => (value === 0 ? undefined : value - 1) };
  }

  context(): ObserverContext {
    return {
      harts: this.config.harts,
      ramSize: this.memory.map.ramSize,
      describe: nameOf,
      allocatorLocks: [],
      guardOf: (address) => (address === COUNTER ? LOCK_A : undefined),
      atStart: { mappedBy: new Map(), free: new Set([KERNBASE + PGSIZE]) },
      pidsAtStart: [],
    };
  }

  complaints(): readonly Complaint[] {
    const { ram } = this.memory;
    const counter = ram.load32(COUNTER);
    const expected = { unlocked: 2, locked: 2, crossed: 2, starved: 1 }[this.config.duel as string] ?? 0;
    const lost: Complaint[] =
      counter >= expected
        ? []
        : [{ kind: 'content', place: 'increments', summary: `COUNTER is ${counter}, and not ${expected}` }];
    return [...lost, ...this.audit(new Map())];
  }

  outcome(): Outcome {
    const { ram } = this.memory;
    return [COUNTER, LEFT, RIGHT].map((word) => ({ about: 'a word', of: nameOf(word), is: String(ram.load32(word)) }));
  }

  audit(holds: ReadonlyMap<number, number>): readonly Complaint[] {
    if (this.config.duel !== 'transfer') return [];
    const { ram } = this.memory;
    const sum = ram.load32(LEFT) + ram.load32(RIGHT);
    const onTheWay = holds.get(LEFT) ?? 0;
    if (sum <= TOTAL && sum >= TOTAL - onTheWay) return [];
    return [{ kind: 'ledger', place: 'sum', summary: `LEFT and RIGHT are ${sum} together, and not ${TOTAL}` }];
  }
}

export const toyKind: SubjectKind<ToyConfig> = {
  kind: 'toy',
  parse: (value) => value as ToyConfig,
  shape: ({ harts }) => ({ harts, memory: 2 }),
  open: (config, memory) => new ToySubject(memory, config),
  hart: ({ duel }, memory, id, access) => ({ play: () => toyDuels[duel](access, id, memory) }),
};
