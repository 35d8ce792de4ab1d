import type { ExplainedAccess, ExplainedRow } from '../../src/explore/interleaving.js';
import type { FailureReport } from '../../src/report/failure-report.js';

/** Reports with everything in them that has to be laid out, as runs could have given them. */
export const handMadeReports: Readonly<Record<string, FailureReport>> = {
  'lost-count': lostCount(),
  'three-harts': threeHarts(),
  'eight-harts': eightHarts(),
  benign: benign(),
};

function access(hart: number, step: number, text: string): ExplainedRow {
  return { kind: 'access', hart, step, text };
}

function others(hart: number, count: number): ExplainedRow {
  return { kind: 'private', hart, count };
}

function turn(from: number, to: number, step: number, reason: string): ExplainedRow {
  return { kind: 'switch', from, to, step, reason };
}

function inSubMap(hart: number, step: number, what: string, line: number): ExplainedAccess {
  const stack = [
    `UnlockedCount.subMap (kernel/bugs/unlocked-count.ts:${line})`,
    'UnlockedCount.drop (kernel/page-sharing/page-map-lock.ts:39)',
    'UnlockedCount.resolveWrite (kernel/page-sharing/copy-on-write.ts:83)',
  ];
  return { hart, step, what, stack };
}

/** A critical pair and a first wrong step. */
function lostCount(): FailureReport {
  const first = inSubMap(0, 45, 'load pgMap.pageMapNum[506] → 2', 14);
  const second = inSubMap(1, 50, 'store pgMap.pageMapNum[506] ← 1', 15);
  return {
    ...{ title: 'fault-fault, design page-map-lock (sound, bug unlocked-count)', kind: 'ledger' },
    summary: 'frame 0x801fa000 is lost: no mapping, not free, count 1',
    ...{ harmful: true, evidence: 'this run itself does the harm' },
    advice: [
      'hart 1 reads pgMap.pageMapNum[500] without holding pgMap.lock.locked',
      'hart 0 reads pgMap.pageMapNum[499] without holding pgMap.lock.locked',
    ],
    criticalPair: {
      ...{ first, second },
      failing: 'frame 0x801fa000 is lost: no mapping, not free, count 1',
      flipped: 'ends well',
    },
    firstWrongStep: { ...second, what: 'is done with frame 0x801fa000' },
    ...{ harts: 2, preemptions: 1, choices: [], minimal: true, otherHarm: [] },
    rows: [
      others(1, 17),
      access(1, 17, 'resolveWrite: read 4096 bytes of frame 0x801fa000'),
      others(1, 4),
      access(1, 22, "◆ pid 2's pte of 0x1000 no longer maps frame 0x801fa000"),
      access(1, 22, 'subMap: load pgMap.pageMapNum[506] → 2'),
      turn(1, 0, 23, 'preempted'),
      others(0, 22),
      access(0, 45, 'subMap: load pgMap.pageMapNum[506] → 2'),
      access(0, 46, 'subMap: store pgMap.pageMapNum[506] ← 1'),
      turn(0, 1, 50, 'it has finished'),
      access(1, 50, 'subMap: store pgMap.pageMapNum[506] ← 1'),
      others(1, 1),
    ],
    replay: 'hartbreak replay hartbreak-failures/fault-fault-page-map-lock-unlocked-count-ledger-21.json',
  };
}

/** Three columns or a stack of harts, and no stacks of functions. */
function threeHarts(): FailureReport {
  const first: ExplainedAccess = { hart: 0, step: 725, what: 'store frame 0x801ec000+3840 ← 2', stack: [] };
  const second: ExplainedAccess = { hart: 1, step: 893, what: 'read 4096 bytes of frame 0x801ec000', stack: [] };
  const stale =
    'pid 1 on hart 0 stores to 0x801f2f18 by a cached translation of 0x9f18 that the page table no longer grants';
  const race = 'data race on 4096 bytes at 0x801ec000: hart 0 writes it, hart 1 reads it, and nothing orders them';
  return {
    ...{ title: 'fork-write, design page-map-lock (sound, bug fork-without-flush)', kind: 'data-race' },
    summary: race,
    ...{ harmful: true, evidence: `in this order: ${stale}`, advice: [] },
    criticalPair: { first, second, failing: race, flipped: `fails too: ${stale}` },
    firstWrongStep: null,
    ...{
      harts: 3,
      preemptions: 1,
      choices: ['every cached translation is evicted on hart 2'],
      minimal: true,
      otherHarm: [],
    },
    rows: [
      others(2, 23),
      turn(2, 0, 23, 'it waits for a word to change'),
      others(0, 417),
      access(0, 514, 'resolveWrite: write 4096 bytes of frame 0x801ec000'),
      access(0, 725, 'userCode: store frame 0x801ec000+3840 ← 2'),
      access(0, 726, '◆ the translation of 0x9f00 was cached, and is stale'),
      turn(0, 1, 792, 'preempted'),
      access(1, 893, 'resolveWrite: read 4096 bytes of frame 0x801ec000'),
      turn(1, 2, 2924, 'a preferred hart became able to run'),
      access(2, 3253, 'wait: atomic load proc[2].state → 4'),
      others(2, 1),
    ],
    replay: 'hartbreak replay hartbreak-failures/fork-write-page-map-lock-fork-without-flush-data-race-1.json',
  };
}

/** As many mappings, preemptions and harts as make everything long. */
function eightHarts(): FailureReport {
  const harts = 8;
  const mappings = Array.from({ length: 12 }, (_, i) => `0x${(0x1000 * (i + 1)).toString(16)} of pid ${i + 2}`);
  return {
    ...{ title: 'fork-write, design core-map (published, bug unguarded-map)', kind: 'ledger' },
    summary: `frame 0x801f7000 has ${mappings.length} mappings, and its list has 11: ${mappings.join(', ')}`,
    ...{ harmful: true, evidence: 'this run itself does the harm', advice: [] },
    ...{ criticalPair: null, firstWrongStep: null },
    ...{
      harts,
      preemptions: 3,
      choices: ['sc fails on hart 6', 'the timer fires on hart 7'],
      minimal: false,
      otherHarm: [],
    },
    rows: Array.from({ length: harts }, (_, hart) => [
      access(hart, 1000 * hart + 7, `addMap: atomic update core_map[503].mappings: ${hart} → ${hart + 1}`),
      others(hart, 1 + 99 * hart),
      turn(hart, (hart + 1) % harts, 1000 * hart + 107, hart < 3 ? 'preempted' : 'it waits for a word to change'),
    ]).flat(),
    replay: 'hartbreak replay hartbreak-failures/fork-write-core-map-unguarded-map-ledger-1024.json',
  };
}

/** A finding that does no harm, with advice, as the library reports it. */
function benign(): FailureReport {
  return {
    ...{ title: 'fault-fault, design page-map-lock (sound, bug unlocked-glance)', kind: 'data-race' },
    summary: 'data race on pgMap.pageMapNum[506]: hart 1 writes it, hart 0 reads it, and nothing orders them',
    ...{
      harmful: false,
      evidence:
        'in 308 runs with preemptions near the two accesses; the two accesses came in the other order in 151 of them',
    },
    advice: [
      'hart 0 reads pgMap.pageMapNum[506] without holding pgMap.lock.locked, which every write to it was made under',
    ],
    ...{ criticalPair: null, firstWrongStep: null },
    ...{ harts: 2, preemptions: 0, choices: [], minimal: true, otherHarm: [] },
    rows: [
      access(1, 22, 'subMap: store pgMap.pageMapNum[506] ← 1'),
      turn(1, 0, 26, 'it has finished'),
      access(0, 40, 'isLastSharer: load pgMap.pageMapNum[506] → 1'),
    ],
    replay:
      "check('fault-fault', { design: 'page-map-lock', form: 'sound', bug: 'unlocked-glance', strategy: 'random', seed: 1, schedules: 22 })",
  };
}
