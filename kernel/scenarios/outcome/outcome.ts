import type { Fact, Outcome } from '../../../src/explore/outcome.js';
import type { TentativeAccess } from '../../../src/memory/tentative-access.js';
import { freeFrames, readOutcome } from '../../books/statistics.js';
import { clock, system } from '../../layout.js';
import { proc } from '../../process/proc-struct.js';
import type { Stage } from '../stage.js';
import { aftermath } from './aftermath.js';
import { familyOf } from './family.js';
import { FilesView } from './files-view.js';
import { ProcessView } from './process-view.js';

/**
 * What a user could see of runs of one scenario: the processes as a tree, what their calls returned, the content of every
 * page, open files, what is on the disk, and what is free once everybody has exited. Not told is what no user can see, and
 * what may come out otherwise each time: frames, slots, pids of new processes, and which hart runs whom.
 */
export class OutcomeView {
  private readonly firstNewPid: number;
  private readonly atStart = new Map<number, string>();

  /** Where every run begins. */
  constructor(private readonly stage: Stage) {
    const { memory, layout } = stage;
    this.firstNewPid = system.fields.nextpid.load(memory.ram, layout.system);
  }

  /** @param written frames that the run has written */
  of(written: ReadonlySet<number>): Outcome {
    const facts: Fact[] = [];
    const end = aftermath(
      this.stage,
      (mem) => facts.push(...this.atRest(mem, written)),
      (mem) => facts.push(...this.empty(mem)),
    );
    if (end !== undefined) facts.push({ about: 'how it goes on', of: 'the machine', is: end });
    return facts;
  }

  private *atRest(mem: TentativeAccess, written: ReadonlySet<number>): Generator<Fact> {
    const { stage, firstNewPid } = this;
    const { layout } = stage;
    const view = new ProcessView(mem, stage, (frame) => written.has(frame) || mem.hasWritten(frame), this.atStart);
    const files = new FilesView(mem, layout);
    const family = familyOf(mem, layout, firstNewPid, (p) => view.describe(p));
    const nameOf = (pid: number) => family.find(({ at }) => proc.fields.pid.load(mem, at) === pid)?.name;
    for (const { at, name } of family) {
      yield* view.facts(at, name, nameOf);
      if (view.isAlive(at)) yield* files.ofProcess(at, name);
    }
    yield* files.open();
    yield files.typed();
    yield { about: 'the time', of: 'the machine', is: `${clock.fields.ticks.load(mem, layout.clock)} ticks` };
    yield* files.onDisk();
    const status = readOutcome(mem, layout);
    if (status !== undefined) yield { about: 'how it ended', of: 'the machine', is: String(status) };
  }

  private *empty(mem: TentativeAccess): Generator<Fact> {
    const { layout } = this.stage;
    yield { about: 'free frames after everybody has exited', of: 'the machine', is: String(freeFrames(mem, layout)) };
    yield* new FilesView(mem, layout).inUse();
  }
}
