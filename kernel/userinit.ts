import type { ProgramImage } from '../src/hart/program-image.js';
import type { KernelContext } from './context.js';
import { system } from './layout.js';
import { NAME_BYTES } from './params.js';
import type { KernelBuild } from './parts.js';
import { proc } from './proc-struct.js';

const { lock, pagetable, sz, trapframe, name } = proc.fields;

/** Registers in which a program finds its stack and its arguments. */
const Register = { sp: 2, a0: 10, a1: 11 } as const;

/** Makes the first process, runnable. Says what is in the way, if anything. */
export function userinit(
  cx: KernelContext,
  { table, vm, exec }: KernelBuild,
  program: ProgramImage,
  argv: readonly string[],
): string | undefined {
  const { mem, layout, spin } = cx;
  const p = table.allocproc();
  if (p === 0) return 'there is no memory for a process';
  const loaded = exec.load(program, argv);
  if (typeof loaded === 'string') {
    table.freeproc(p);
    spin.release(lock.at(p));
    return loaded;
  }
  vm.uvmfree(pagetable.load(mem, p), 0);
  pagetable.store(mem, p, loaded.pagetable);
  sz.store(mem, p, loaded.sz);
  const frame = trapframe.at(p);
  const { x, epc } = trapframe.type.fields;
  mem.fill(frame, 0, trapframe.type.size);
  epc.store(mem, frame, loaded.entry);
  mem.store64(x.at(frame, Register.sp), loaded.sp);
  mem.store64(x.at(frame, Register.a0), loaded.argc);
  mem.store64(x.at(frame, Register.a1), loaded.sp);
  mem.write(name.at(p), nameOf(argv[0] ?? ''));
  system.fields.initproc.store(mem, layout.system, p);
  table.makeRunnable(p);
  spin.release(lock.at(p));
  return undefined;
}

/** The last part of the path, zero-terminated, cut to what fits. */
function nameOf(path: string): Uint8Array {
  const last = path.slice(path.lastIndexOf('/') + 1);
  return new TextEncoder().encode(last).slice(0, NAME_BYTES - 1);
}
