import { afterEach, describe, expect, it } from 'vitest';
import { explain } from '../../src/explore/explainer.js';
import type { Explorer } from '../../src/explore/explorer.js';
import { replayFailure } from '../../src/explore/replay-failure.js';
import { Question } from '../../src/memory/access.js';
import { random } from '../../src/schedule/random.js';
import type { ToyDuel } from '../support/toy-duels.js';
import { ToyExplorer } from '../support/toy-explorer.js';

const toys: ToyExplorer[] = [];
function explorerOf(duel: ToyDuel): Explorer {
  const made = new ToyExplorer(duel);
  toys.push(made);
  return made.explorer;
}
afterEach(async () => {
  await Promise.all(toys.splice(0).map((made) => made.close()));
});

function failureOf(explorer: Explorer, kind: string) {
  const found = explorer.batch(random, 1, 0, 300).failures.find((failure) => failure.kind === kind);
  if (found === undefined) throw new Error(`no schedule has a ${kind}`);
  return found;
}

describe('an explanation, of whatever subject', () => {
  it('has the fewest preemptions, the pair of accesses that decides, and what comes of the other order', () => {
    const explorer = explorerOf('unlocked');
    const explanation = explain(explorer, failureOf(explorer, 'content'))!;
    expect(explanation).toMatchObject({
      title: 'toy unlocked',
      harts: 2,
      preemptions: 1,
      minimal: true,
      harmful: true,
      evidence: 'this run itself does the harm',
      firstWrongStep: null,
    });
    const { first, second, failing, flipped } = explanation.criticalPair!;
    expect([first.what, second.what]).toEqual(['load COUNTER → 0', 'store COUNTER ← 1']);
    expect(first.hart).not.toBe(second.hart);
    expect([failing, flipped]).toEqual(['COUNTER is 1, and not 2', 'ends well']);
  });

  it("shows the subject's functions with file and line: whatever moves, a stack must not come out empty", () => {
    const explorer = explorerOf('unlocked');
    const { criticalPair } = explain(explorer, failureOf(explorer, 'content'))!;
    expect(criticalPair!.first.stack[0]).toMatch(/^increment \(tests\/support\/toy-duels\.[jt]s:\d+\)$/);
    expect(criticalPair!.first.stack.some((frame) => /point|load32|takePart/.test(frame))).toBe(false);
  });

  it('names the access after which the books never balanced again, and not the end', () => {
    const explorer = explorerOf('transfer');
    const explanation = explain(explorer, failureOf(explorer, 'ledger'))!;
    expect(explanation).toMatchObject({ kind: 'ledger', preemptions: 1, minimal: true });
    expect(explanation.firstWrongStep!.what).toMatch(/^(store (LEFT|RIGHT) ← \d+|is done with LEFT)$/);
  });

  it('calls a race harmful when another order of its accesses does harm', () => {
    const explorer = explorerOf('unlocked');
    const { failures } = explorer.batch(random, 1, 0, 300);
    const race = failures.find(({ kind, harm }) => kind === 'data-race' && !harm)!;
    const explanation = explain(explorer, race)!;
    expect(explanation.harmful).toBe(true);
    expect(explanation.evidence).toMatch(/^in (this|another) order: COUNTER is 1, and not 2$/);
  });

  it('keeps the answers that a failure needs, and says on which hart', () => {
    const explorer = explorerOf('starved');
    const failure = failureOf(explorer, 'content');
    const answers = [0, 1].map((nth) => ({ question: Question.AllocationFails, nth, answer: 1 }));
    const explanation = explain(explorer, { ...failure, plan: { ...failure.plan, answers } })!;
    expect(explanation.choices).toEqual([
      'the allocator finds no page on hart 0',
      'the allocator finds no page on hart 1',
    ]);
    expect(explanation).toMatchObject({ preemptions: 0, minimal: true });
  });

  it('is undefined for a failure that does not come back', () => {
    const explorer = explorerOf('locked');
    expect(explain(explorer, { signature: 'content: increments', plan: random.plan(explorer.facts, 1, 1) })).toBe(
      undefined,
    );
  });
});

describe('a replay', () => {
  it('brings the failure back every time with one memory', () => {
    const explorer = explorerOf('unlocked');
    const { plan, signature } = failureOf(explorer, 'content');
    const replayed = replayFailure(explorer, { plan, signature }, [], 20);
    expect(replayed).toMatchObject({ times: 20, failed: 20, refitted: false, parted: null });
    expect(replayed.memoryHashes).toHaveLength(1);
  });

  it('is fitted by the names of accesses when the numbers of points have changed', () => {
    const explorer = explorerOf('unlocked');
    const { signature } = failureOf(explorer, 'content');
    const { plan, anchors } = explain(explorer, failureOf(explorer, 'content'))!;
    expect(anchors).toEqual([{ hart: expect.any(Number), access: 'store COUNTER', nth: 0 }]);
    const moved = { ...plan, switches: plan.switches.map((entry) => ({ ...entry, at: entry.at + 50 })) };
    expect(replayFailure(explorer, { plan: moved, signature }, [], 3).failed).toBe(0);
    expect(replayFailure(explorer, { plan: moved, signature }, anchors, 3)).toMatchObject({
      failed: 3,
      refitted: true,
    });
  });

  it('says which access the subject does not make any more', () => {
    const explorer = explorerOf('locked');
    const { plan } = explorer.batch(random, 1, 0, 1).failures[0] ?? { plan: random.plan(explorer.facts, 1, 1) };
    const gone = { hart: 0, access: 'store NOTHING', nth: 0 };
    const switches = [{ hart: 0, at: 1, action: { kind: 'to', hart: 1 } as const }];
    const moved = { ...plan, unit: 'own' as const, switches };
    expect(replayFailure(explorer, { plan: moved, signature: 'x' }, [gone], 2)).toMatchObject({
      failed: 0,
      parted: gone,
    });
  });
});
