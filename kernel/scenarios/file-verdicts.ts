import type { DirectAccess } from '../../src/memory/direct-access.js';
import type { Verdict } from '../books/verdict.js';
import { file, OpenFile } from '../files/file-struct.js';
import { pipe } from '../files/pipe.js';
import { inode } from '../fs/fs-struct.js';
import type { KernelLayout } from '../layout.js';
import { NOFILE } from '../params.js';
import { ProcState, proc } from '../process/proc-struct.js';

const { type, ref, writable, ip } = file.fields;

/** Counts of open files, pipes' ends and inodes at rest, when nobody is about to change them: each is what refers to it. */
export function fileVerdicts(ram: DirectAccess, layout: KernelLayout): Verdict[] {
  const verdicts: Verdict[] = [];
  const descriptors = new Map<number, number>();
  const inodes = new Map<number, number>();
  for (const p of layout.procs) {
    if (proc.fields.state.load(ram, p) === ProcState.Unused) continue;
    const open = proc.fields.openFiles.load(ram, p);
    for (let fd = 0; fd < NOFILE; fd++)
      if ((open & (1 << fd)) !== 0) count(descriptors, ram.load32(proc.fields.files.at(p, fd)));
    count(inodes, proc.fields.cwd.load(ram, p));
  }
  const ends = new Map<number, { reads: boolean; writes: boolean }>();
  for (const [i, f] of layout.files.entries()) {
    const kind = type.load(ram, f);
    const held = descriptors.get(f) ?? 0;
    const counted = kind === OpenFile.Unused ? 0 : ref.load(ram, f);
    if (counted !== held) {
      const summary = `file[${i}] has ${counted} references, and ${held} file descriptors refer to it`;
      verdicts.push({ place: 'references to an open file', summary });
    }
    if (kind === OpenFile.Pipe) {
      const pi = file.fields.pipe.load(ram, f);
      const { reads, writes } = ends.get(pi) ?? { reads: false, writes: false };
      const isWriter = writable.load(ram, f) !== 0;
      ends.set(pi, { reads: reads || !isWriter, writes: writes || isWriter });
    } else if (kind !== OpenFile.Unused) count(inodes, ip.load(ram, f));
  }
  for (const [pi, { reads, writes }] of ends) {
    const { readopen, writeopen } = pipe.fields;
    if ((readopen.load(ram, pi) !== 0) !== reads || (writeopen.load(ram, pi) !== 0) !== writes)
      verdicts.push({
        place: "a pipe's ends",
        summary: 'a pipe says of an end that it is open, or not, and it is not so',
      });
  }
  return [...verdicts, ...inodeVerdicts(ram, layout, inodes)];
}

function* inodeVerdicts(
  ram: DirectAccess,
  { inodes, config }: KernelLayout,
  held: ReadonlyMap<number, number>,
): Generator<Verdict> {
  if (config.diskBlocks === 0) return;
  for (const [at, many] of held) {
    if (at === 0) continue;
    const counted = inode.fields.ref.load(ram, at);
    if (counted === many) continue;
    const summary = `inode ${(at - inodes) / inode.size} has ${counted} references, and ${many} files and directories refer to it`;
    yield { place: 'references to an inode', summary };
  }
}

function count(counts: Map<number, number>, at: number): void {
  counts.set(at, (counts.get(at) ?? 0) + 1);
}
