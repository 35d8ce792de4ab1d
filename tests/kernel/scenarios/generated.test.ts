import { afterAll, describe, expect, it } from 'vitest';
import { designs } from '../../../kernel/page-sharing/designs.js';
import { ProcState } from '../../../kernel/process/proc-struct.js';
import { generatedDuel, generatedDuels } from '../../../kernel/scenarios/generated/generated.js';
import { operations } from '../../../kernel/scenarios/generated/operations.js';
import { starts } from '../../../kernel/scenarios/generated/starts.js';
import { hostedKind } from '../../../kernel/scenarios/hosted.js';
import { hostedConfig } from '../../../kernel/scenarios/hosted-config.js';
import { HostedSubject } from '../../../kernel/scenarios/hosted-subject.js';
import { scenarioNamed, scenarios } from '../../../kernel/scenarios/scenarios.js';
import type { Stage } from '../../../kernel/scenarios/stage.js';
import { memoryFor } from '../../../src/explore/controlled-machine.js';
import type { Fact } from '../../../src/explore/outcome.js';
import { compileInterpreter } from '../../../src/interpreter/compile-interpreter.js';
import { hartParts } from '../../../src/machine/hart-parts.js';
import { Question } from '../../../src/memory/access.js';
import { strategies } from '../../../src/schedule/strategies.js';
import { EveryAddress } from '../../support/every-address.js';
import { ExplorePool } from '../../support/explore-pool.js';
import { fuzzing } from '../../support/fuzzing.js';
import { isLongForm, sampled } from '../../support/long-form.js';

const duels = generatedDuels();
const interpreter = compileInterpreter();
const ALL = new EveryAddress();

/** What a user could see of a duel after this was played past any schedule. */
function afterwards(scenario: string, play: (stage: Stage) => void): Map<string, string> {
  const kind = hostedKind((memory) => hartParts(memory, interpreter));
  const config = hostedConfig({ scenario });
  const subject = kind.open(config, memoryFor(kind.shape(config), { stepLimit: 100, spins: 0 }));
  if (!(subject instanceof HostedSubject)) throw new Error('a duel is another kind of subject');
  play(subject.stage);
  return new Map(subject.outcome!(ALL).map((fact: Fact) => [`${fact.about}, ${fact.of}`, fact.is]));
}

const duelAt = (start: string) => duels.find(({ name }) => name.endsWith(`@${start}`))!.name;

describe('generated duels', () => {
  it('are some hundred, each with a name of its own that says all, and none among those that were written', () => {
    expect(duels.length).toBeGreaterThan(500);
    expect(new Set(duels.map(({ name }) => name)).size).toBe(duels.length);
    for (const { name } of duels) expect(name).toMatch(/^[a-z-]+(\+[a-z-]+){1,2}@[a-z0-9-]+$/);
    expect(duels.filter(({ name }) => scenarios.some((other) => other.name === name))).toEqual([]);
  });

  it('are found by their names, and no others are', () => {
    expect(scenarioNamed('fork+write@shared-2')).toMatchObject({ name: 'fork+write@shared-2', harts: 2, oracle: true });
    for (const name of ['fork+write', 'fork+dance@shared-2', 'fork+write@nowhere', 'fork+write@shared-2 '])
      expect(generatedDuel(name)).toBeUndefined();
  });

  it('use every operation and every start state, and let memory run out at any time', () => {
    const played = (duel: string) => duel.slice(0, duel.indexOf('@')).split('+');
    for (const { name } of operations) {
      // Nobody else is there for whom an idle hart could find work.
      if (name !== 'take') expect(duels.some((duel) => played(duel.name)[0] === name)).toBe(true);
      expect(duels.some((duel) => played(duel.name).at(-1) === name)).toBe(true);
    }
    for (const { name, harts } of duels) expect(harts).toBe(played(name).length);
    for (const { name } of starts) expect(duelAt(name)).toBeDefined();
    for (const { questions } of duels) expect(questions).toContain(Question.AllocationFails);
  });
});

describe('a start state', () => {
  it.each(starts.map((start) => [start.name, start] as const))(
    '%s has two players who run, and init, if it is none of them, asleep in wait',
    (name, start) => {
      const { players = [2, 3] } = start;
      const seen = afterwards(duelAt(name), () => {});
      expect(seen.get('state of a process, pid 1')).toBe(players.includes(1) ? 'runs' : 'sleeps in wait');
      for (const pid of players) expect(seen.get(`state of a process, pid ${pid}`)).toBe('runs');
    },
  );

  it('memory-short has four free frames, table-full one free slot, init-behind none, descriptors-full no descriptor', () => {
    afterwards(duelAt('memory-short'), ({ freeFrames }) => expect(freeFrames).toBe(4));
    afterwards(duelAt('table-full'), (stage) => {
      const free = stage.layout.procs.filter((p) => stage.state(p) === ProcState.Unused);
      expect(free.length).toBe(1);
    });
    afterwards(duelAt('init-behind'), (stage) => {
      expect(stage.layout.procs.map((p) => stage.state(p)).filter((now) => now === ProcState.Zombie).length).toBe(6);
    });
    afterwards(duelAt('descriptors-full'), ({ users }) => {
      for (const user of users) {
        user.call('dup', 0);
        expect(user.returned).toBe(-1);
      }
    });
    expect.assertions(5);
  });
});

describe('an operation', () => {
  const rows = starts.flatMap((start) =>
    operations
      .filter(({ name }) =>
        duels.some((duel) => duel.name.startsWith(`${name}+`) && duel.name.endsWith(`@${start.name}`)),
      )
      .map((operation) => [`${operation.name}@${start.name}`, operation, start] as const),
  );
  const untouched = new Map<string, Map<string, string>>();
  it.each(sampled(rows, 3))('%s does something that a user sees, whoever plays it', (_, operation, start) => {
    const { players = [2, 3] } = start;
    const before = untouched.get(start.name) ?? afterwards(duelAt(start.name), () => {});
    untouched.set(start.name, before);
    for (const hart of [0, 1]) {
      const after = afterwards(duelAt(start.name), ({ users }) => operation.play(users[hart]!, players[1 - hart]!));
      expect([...after]).not.toEqual([...before]);
      expect([...after.keys()].filter((key) => key.startsWith('how it'))).toEqual([]);
    }
  });

  it.each([
    ['fork@shared-2', 'new child 1 of pid 2'],
    ['grow@shared-2', '20480'],
    ['wait@table-full', '4'],
    ['kill@shared-2', '0'],
    ['pipe@shared-2', '0'],
    ['receive@pipe-full', '24'],
    ['send@pipe-empty', '24'],
    ['dup@pipe-empty', '2'],
    ['exec@two-links', '1'],
    ['open@two-links', '0'],
    ['create@two-links', '0'],
    ['read-file@two-links', '24'],
    ['write-file@two-links', '24'],
    ['close-file@two-links', '0'],
    ['link@two-links', '0'],
    ['unlink@two-links', '0'],
    ['mkdir@two-links', '0'],
    ['read-console@line-typed', '1'],
    ['kill-sleeper@reader-asleep', '0'],
    ['uptime@clock', '0'],
    ['send@pipe-ends', '24'],
    ['wait@zombies', '4'],
  ])('%s succeeds and returns %s', (name, returned) => {
    const row = rows.find(([other]) => other === name)!;
    const seen = afterwards(duelAt(row[2].name), ({ users }) => row[1].play(users[0]!, 3));
    expect(seen.get('what a call returned, pid 2')).toBe(returned);
  });

  it.each([
    ['wait@shared-2', 'sleeps in wait'],
    ['sleep@shared-2', 'sleeps until a tick'],
    ['receive@pipe-empty', 'sleeps for a pipe or the console'],
    ['send@pipe-full', 'sleeps for a pipe or the console'],
    ['send-much@pipe-ends', 'sleeps for a pipe or the console'],
  ])('%s waits: it %s', (name, state) => {
    const row = rows.find(([other]) => other === name)!;
    const seen = afterwards(duelAt(row[2].name), ({ users }) => row[1].play(users[0]!, 3));
    expect(seen.get('state of a process, pid 2')).toBe(state);
  });
});

it('the time that a user could ask for is told', () => {
  const tick = operations.find(({ name }) => name === 'tick')!;
  const seen = afterwards(duelAt('clock'), ({ users }) => {
    for (const user of users) tick.play(user, 0);
  });
  expect(seen.get('the time, the machine')).toBe('2 ticks');
});

it('where nobody adopts, a child outlives its parent without one, and its zombie is gone', () => {
  const exit = operations.find(({ name }) => name === 'exit')!;
  const seen = afterwards(duelAt('nobody-adopts'), ({ users }) => exit.play(users[0]!, 3));
  expect(seen.get('state of a process, pid 3')).toBe('runs');
  expect(seen.get('state of a process, pid 4')).toBeUndefined();
});

it('of three, the third plays with the process that waited for a hart, or is an idle hart', () => {
  const at = (name: string) => {
    let state = new Map<string, string>();
    state = afterwards(name, () => {});
    return state;
  };
  expect(at('fork+exit+write@shared-3').get('state of a process, pid 4')).toBe('runs');
  afterwards('tick+take+take@two-asleep', ({ users }) =>
    expect(users.map(({ process }) => process > 0)).toEqual([true, false, false]),
  );
});

it('a tick wakes who sleeps until it, and is over for who asks afterwards', () => {
  const tick = operations.find(({ name }) => name === 'tick')!;
  const uptime = operations.find(({ name }) => name === 'uptime')!;
  const seen = afterwards(duelAt('clock'), ({ users }) => {
    tick.play(users[0]!, 3);
    uptime.play(users[1]!, 2);
  });
  expect(seen.get('state of a process, pid 4')).toBe('runs');
  expect(seen.get('what a call returned, pid 4')).toBe('0');
  expect(seen.get('what a call returned, pid 3')).toBe('1');
});

it('a line that is typed is there for who reads', () => {
  const [type, read] = ['type', 'read-console'].map((wanted) => operations.find(({ name }) => name === wanted)!);
  const seen = afterwards(duelAt('line-typed'), ({ users }) => {
    for (let byte = 0; byte < 2; byte++) read!.play(users[0]!, 3);
    read!.play(users[0]!, 3);
    type!.play(users[1]!, 2);
  });
  expect(seen.get('state of a process, pid 2')).toBe('runs');
  expect(seen.get('what a call returned, pid 2')).toBe('1');
});

it('who is told something in a page looks there, and sees it', () => {
  const pipe = operations.find(({ name }) => name === 'pipe')!;
  // Descriptor 0 is taken, so that what is told is not what was there.
  const seen = afterwards(duelAt('pipe-empty'), ({ users }) => {
    users[0]!.call('dup', 0);
    pipe.play(users[0]!, 3);
  });
  // One more than the descriptor.
  expect(seen.get('registers, pid 2')).toMatch(/x18 0x4\b/);
});

const { rounds: SCHEDULES, timeout } = fuzzing(2);
/** Of so many duels one, each with another design; bench/soundness has them all. */
const EVERY = isLongForm ? 16 : 64;

describe('nothing is held against a sound kernel', { timeout }, () => {
  const pool = new ExplorePool();
  afterAll(() => pool.close());
  const some = duels
    .filter((_, i) => i % EVERY === 0)
    .map(({ name }, i) => [name, designs[i % designs.length]!.name] as const);
  it.each(some)('%s, %s', async (scenario, design) => {
    const machine = pool.machine(scenario, design, null, {}, true);
    for (const { name } of strategies) {
      const { schedules, failures } = await machine.batch(name, 1, 0, SCHEDULES);
      expect({ schedules, failures }).toEqual({ schedules: SCHEDULES, failures: [] });
    }
  });
});
