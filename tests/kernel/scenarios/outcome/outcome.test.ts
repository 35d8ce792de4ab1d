import { describe, expect, it } from 'vitest';
import { hostedKind } from '../../../../kernel/scenarios/hosted.js';
import { hostedConfig } from '../../../../kernel/scenarios/hosted-config.js';
import { HostedSubject } from '../../../../kernel/scenarios/hosted-subject.js';
import { scenarios } from '../../../../kernel/scenarios/scenarios.js';
import { DATA, type Stage } from '../../../../kernel/scenarios/stage.js';
import { memoryFor } from '../../../../src/explore/controlled-machine.js';
import { keyOf, type Outcome } from '../../../../src/explore/outcome.js';
import { compileInterpreter } from '../../../../src/interpreter/compile-interpreter.js';
import { hartParts } from '../../../../src/machine/hart-parts.js';
import { KERNBASE } from '../../../../src/memory/map.js';
import { EveryAddress } from '../../../support/every-address.js';

const interpreter = compileInterpreter();
const LIMITS = { stepLimit: 100, spins: 0 };
/** Everything may have changed since the beginning. */
const ALL = new EveryAddress();

/** A scenario where every run begins. */
function opened(scenario: string) {
  const kind = hostedKind((memory) => hartParts(memory, interpreter));
  const config = hostedConfig({ scenario });
  const memory = memoryFor(kind.shape(config), LIMITS);
  const subject = kind.open(config, memory);
  if (!(subject instanceof HostedSubject)) throw new Error('a scenario is another kind of subject');
  return { memory, subject };
}

/** What a user could see of it when this was played past any schedule. */
function afterwards(play: (stage: Stage) => void, scenario = 'fault-fault'): Outcome {
  const { subject } = opened(scenario);
  play(subject.stage);
  return subject.outcome!(ALL);
}

const told = (outcome: Outcome, about: string) =>
  outcome.filter((fact) => fact.about === about).map(({ of, is }) => `${of}: ${is}`);

describe('what a user could see of a run', () => {
  it('is the same whichever slot and pid a new process got', () => {
    const inOrder = (harts: readonly number[]) =>
      afterwards(({ users }) => {
        for (const hart of harts) users[hart]!.call('fork');
      });
    expect(keyOf(inOrder([0, 1]))).toBe(keyOf(inOrder([1, 0])));
    expect(told(inOrder([0, 1]), 'what a call returned')).toEqual([
      'pid 1: new child 1 of pid 1',
      'pid 2: new child 1 of pid 2',
      'new child 1 of pid 2: 0',
      'new child 1 of pid 1: 0',
    ]);
  });

  it('is every page, by what it holds', () => {
    const outcome = afterwards(({ users }) => users[1]!.store(DATA + 8, 11));
    expect(told(outcome, 'content of a page')).toContain('pid 1, 0x1000: 1 at +0');
    expect(told(outcome, 'content of a page')).toContain('pid 2, 0x1000: 1 at +0, 11 at +8');
  });

  it('is who sleeps, who has exited, and how', () => {
    const outcome = afterwards(({ users }) => {
      users[0]!.call('wait', 0);
      users[1]!.call('fork');
      users[1]!.call('exit', 7);
    });
    expect(told(outcome, 'state of a process')).toEqual(['pid 1: runs', 'new child 1 of pid 1: runs']);
    expect(told(outcome, 'what a call returned')[0]).toBe('pid 1: 2');
    const asleep = afterwards(({ users }) => users[0]!.call('wait', 0));
    expect(told(asleep, 'state of a process')).toContain('pid 1: sleeps in wait');
    const gone = afterwards(({ users }) => users[1]!.call('exit', 7));
    expect(told(gone, 'state of a process')).toContain('pid 2: exited with 7');
  });

  it('is what comes of a call that nobody has gone on with yet', () => {
    const outcome = afterwards(({ users }) => {
      users[1]!.call('fork');
      users[1]!.call('wait', 0);
      users[0]!.call('kill', 2);
    });
    expect(told(outcome, 'state of a process')).toContain('pid 2: exited with -1');
  });

  it('is how many frames are free when nobody has any more', () => {
    const free = (play: (stage: Stage) => void) => told(afterwards(play), 'free frames after everybody has exited');
    const all = free(() => {});
    expect(free(({ users }) => users[0]!.call('sbrk', 0x5000))).toEqual(all);
    // One that nobody has is lost.
    expect(free(({ users }) => void users[0]!.kernel.parts.kalloc.kalloc())).not.toEqual(all);
  });

  it('is open files, and what is on the disk', () => {
    const outcome = afterwards(() => {}, 'exec-allocate');
    expect(told(outcome, 'a file')).toContainEqual(expect.stringMatching(/^\/prog: type 2, 1 links, \d+ bytes/));
    expect(told(outcome, 'a current directory')).toEqual(['pid 1: /', 'pid 2: /']);
    expect(told(outcome, 'the disk after everybody has exited')).toEqual([
      expect.stringMatching(/blocks, 2 inodes, 0 of them referred to$/),
    ]);
  });

  it('says where the kernel cannot go on from there', () => {
    const outcome = afterwards(({ users, layout, memory }) => {
      users[0]!.call('wait', 0);
      users[1]!.call('exit', 0);
      // Nobody is there who would give it back.
      memory.ram.atomicStore32(layout.locks.find(({ name }) => name === 'kmem')!.address, 2);
    });
    expect(told(outcome, 'how it goes on')).toEqual([expect.stringContaining('NoEnd')]);
  });

  it('is found out without a trace in memory', () => {
    for (const { name } of scenarios.filter(({ program, harts }) => program === undefined && harts === 2).slice(0, 8)) {
      const { memory, subject } = opened(name);
      const ram = () => Buffer.from(memory.ram.read(KERNBASE, memory.map.ramSize));
      const before = ram();
      subject.outcome!(new Set());
      expect(ram().equals(before)).toBe(true);
    }
  });
});
