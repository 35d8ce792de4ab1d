import { describe, expect, it } from 'vitest';
import { designs } from '../../kernel/page-sharing/designs.js';
import { sampled } from '../support/long-form.js';
import { runUntil, stressMachine } from '../support/stress-machine.js';

const FORKS = 100;
/** The program has found nothing wrong, of which its exit would tell, nor have the books. */
const CLEAN = { status: null, failures: [], summary: { ok: true, ledger: { audits: 1, violations: [] } } };

describe('a stress run', () => {
  it('has each hart in a thread of its own, and in each other’s way', async () => {
    const contended = (locks: readonly { contended: number }[]) => locks.some((lock) => lock.contended > 0);
    const report = await runUntil(stressMachine(), ({ summary }) => summary.forks > FORKS && contended(summary.locks));
    expect(report).toMatchObject(CLEAN);
    const { summary } = report;
    expect(contended(summary.locks)).toBe(true);
    expect(new Set(summary.threads).size).toBe(3);
    expect(summary.threads).not.toContain(0);
    expect(summary.cowFaults).toBeGreaterThan(0);
    expect(summary.pagesCopied).toBeGreaterThan(0);
    expect(summary.instructions).toBeGreaterThan(summary.forks);
  });

  it.each(sampled(designs, 3).map(({ name }) => name))('is clean with the design %s', async (design) => {
    const kernel = { design, form: 'sound', bug: null, processes: 64 } as const;
    const report = await runUntil(stressMachine({ harts: 2, kernel }), ({ summary }) => summary.forks > FORKS);
    expect(report).toMatchObject(CLEAN);
    expect(report.summary.design).toBe(design);
  });

  const shapes: readonly [string, number, number][] = [
    ['one hart', 1, 8],
    ['eight harts', 8, 128],
    ['as little memory as there can be', 2, 2],
  ];
  it.each(sampled(shapes, 2))('works with %s', async (_what, harts, memory) => {
    const machine = stressMachine({ harts, memory, argv: ['forkwrite', '8', '0', '16'] });
    const report = await runUntil(machine, ({ summary }) => summary.forks > FORKS);
    expect(report).toMatchObject(CLEAN);
    expect(report.summary.forks).toBeGreaterThan(FORKS);
  });
});

describe('harts that wait for one another’s locks', () => {
  it.each(sampled(['adaptive', 'ticket', 'mcs'], 3, 1))(
    'end the machine, which says who holds what: %s',
    async (lock) => {
      const kernel = { design: 'page-map-lock', form: 'sound', bug: 'lock-order', processes: 64, lock } as const;
      const { summary, failures } = await runUntil(stressMachine({ kernel }), () => false);
      expect(failures).toHaveLength(1);
      const [, ...told] =
        /^deadlock: hart (\d) waits for (\S+), which hart (\d) holds; hart (\d) waits for (\S+), which hart (\d) holds$/.exec(
          failures[0]!,
        ) ?? [];
      const [first, wanted, holder, second, other, last] = told;
      expect([holder, last]).toEqual([second, first]);
      expect([wanted, other].toSorted()).toEqual([
        expect.stringMatching(/^kmem\.lock/),
        expect.stringMatching(/^pgMap\.lock/),
      ]);
      expect(summary).toMatchObject({ ok: false, ledger: { audits: 0 } });
    },
  );
});
