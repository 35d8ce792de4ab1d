import type { ProgramImage } from '../../src/hart/program-image.js';
import type { KernelContext } from '../context.js';
import { cons } from '../files/console-struct.js';
import { system } from '../layout.js';
import type { KernelBuild } from '../parts.js';
import { ProgramRegister } from './exec.js';
import { proc } from './proc-struct.js';

const { lock, cwd, trapframe } = proc.fields;

/** What the first process is. */
export interface FirstProcess {
  /** Absent: argv[0] is a program on the disk. */
  readonly program?: ProgramImage;
  /** Its arguments, its name first. */
  readonly argv: readonly string[];
  /** false: it has no open files, as xv6's init, which opens the console by its path. Otherwise the console is its 0, 1 and 2. */
  readonly consoleOpen?: boolean;
  /** false: it is no init, and gets nobody's orphans: it would take their status for that of a child of its own. */
  readonly adopts?: boolean;
}

/** Makes the first process, runnable. Says what is in the way, if anything. */
export function userinit(cx: KernelContext, build: KernelBuild, first: FirstProcess): string | undefined {
  const { mem, layout, spin } = cx;
  const { table, exec, fs, descriptors } = build;
  const p = table.allocproc();
  if (p === 0) return 'there is no memory for a process';
  const argv = first.argv.map((argument) => new TextEncoder().encode(argument));
  const path = argv[0] ?? new Uint8Array();
  const home = fs.hasDisk ? fs.transaction(() => fs.root()) : 0;
  cwd.store(mem, p, home);
  const program = first.program ?? exec.find(path, home);
  const loaded = program === undefined ? 'the disk has no such program' : exec.replace(p, program, argv, path);
  if (typeof loaded === 'string') {
    descriptors.closeAll(p);
    table.freeproc(p);
    spin.release(lock.at(p));
    return loaded;
  }
  const frame = trapframe.at(p);
  const { x, epc } = trapframe.type.fields;
  mem.fill(frame, 0, trapframe.type.size);
  epc.store(mem, frame, loaded.entry);
  mem.store64(x.at(frame, ProgramRegister.sp), loaded.sp);
  mem.store64(x.at(frame, ProgramRegister.a0), loaded.argc);
  mem.store64(x.at(frame, ProgramRegister.a1), loaded.sp);
  if (first.consoleOpen !== false) openConsole(build, p);
  // From the disk, and to open the console itself: init.
  else if (first.program === undefined) cons.fields.session.store(mem, layout.console, 1);
  system.fields.initproc.store(mem, layout.system, p);
  system.fields.adopter.store(mem, layout.system, first.adopts === false ? 0 : p);
  table.makeRunnable(p);
  spin.release(lock.at(p));
  return undefined;
}

/** One file under three descriptors, as xv6's init leaves it to the shell. */
function openConsole({ files, descriptors }: KernelBuild, p: number): void {
  const f = files.openConsole();
  files.dup(f, 2);
  for (let fd = 0; fd < 3; fd++) descriptors.add(p, f);
}
