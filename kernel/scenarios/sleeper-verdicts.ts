import type { DirectAccess } from '../../src/memory/direct-access.js';
import type { Verdict } from '../books/verdict.js';
import { cons } from '../files/console-struct.js';
import { file, OpenFile } from '../files/file-struct.js';
import { PIPESIZE, pipe } from '../files/pipe.js';
import { clock, type KernelLayout } from '../layout.js';
import { ProcState, proc } from '../process/proc-struct.js';
import { before } from '../process/ticks.js';

const { state, chan, progress } = proc.fields;
const { nread, nwrite, readopen, writeopen } = pipe.fields;

/** Who sleeps at rest although what it waits for is there. */
export function sleeperVerdicts(ram: DirectAccess, layout: KernelLayout): Verdict[] {
  return layout.procs
    .filter((p) => state.load(ram, p) === ProcState.Sleeping)
    .flatMap((p) => {
      const why = waitsFor(ram, layout, p);
      if (why === undefined) return [];
      const summary = `proc[${layout.procs.indexOf(p)}] sleeps on although ${why}: the wakeup was lost`;
      return [{ place: 'a lost wakeup', summary }];
    });
}

function waitsFor(ram: DirectAccess, layout: KernelLayout, p: number): string | undefined {
  const channel = chan.load(ram, p);
  if (channel === layout.clock + clock.fields.ticks.offset) {
    // Of a sleep, and of a fork that waits for a slot: the tick at which it is to go on.
    const now = clock.fields.ticks.load(ram, layout.clock);
    return before(now, progress.load(ram, p)) ? undefined : 'its time has come';
  }
  if (channel === layout.console + cons.fields.r.offset) {
    const { r, w } = cons.fields;
    return r.load(ram, layout.console) === w.load(ram, layout.console) ? undefined : 'a line has been typed';
  }
  for (const pi of openPipes(ram, layout)) {
    const filled = (nwrite.load(ram, pi) - nread.load(ram, pi)) >>> 0;
    if (channel === pi + nread.offset) {
      if (filled > 0) return 'there is something in the pipe that it reads';
      if (writeopen.load(ram, pi) === 0) return 'nobody can write any more to the pipe that it reads';
    }
    if (channel === pi + nwrite.offset) {
      if (filled < PIPESIZE) return 'there is room in the pipe that it writes to';
      if (readopen.load(ram, pi) === 0) return 'nobody can read any more from the pipe that it writes to';
    }
  }
  return undefined;
}

function openPipes(ram: DirectAccess, { files }: KernelLayout): ReadonlySet<number> {
  const open = files.filter((f) => file.fields.type.load(ram, f) === OpenFile.Pipe);
  return new Set(open.map((f) => file.fields.pipe.load(ram, f)));
}
