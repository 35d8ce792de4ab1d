import type { ProgramImage, ProgramSegment } from '../../src/hart/program-image.js';
import { MAXVA, PAGE_SIZE, PTES_PER_TABLE, Pte, pageRoundUp, ptePa } from '../../src/isa/sv39.js';
import type { KernelContext } from '../context.js';
import type { FileSystem } from '../fs/file-system.js';
import { letters } from '../fs/letters.js';
import type { CopyUser } from '../memory/copy-user.js';
import type { Vm } from '../memory/vm.js';
import { MAXARG, NAME_BYTES, USERSTACK } from '../params.js';
import { proc } from './proc-struct.js';
import { readProgram } from './program-file.js';

/** An address space with a program in it, ready to run. */
export interface LoadedProgram {
  readonly pagetable: number;
  /** Bytes of process memory: the top of the stack; the heap grows from there. */
  readonly sz: number;
  readonly entry: number;
  /** Initial stack pointer, and the address of argv. */
  readonly sp: number;
  readonly argc: number;
}

/** Registers in which a program finds its stack and its arguments. */
export const ProgramRegister = { sp: 2, a0: 10, a1: 11 } as const;

/** RISC-V calling convention: the stack pointer is always 16-byte aligned. */
const STACK_ALIGN = 16;
const POINTER_SIZE = 8;

const SLASH = 0x2f;

const { pagetable, newPagetable, sz, name } = proc.fields;

/** Has processes run programs, as xv6's exec does: segments from 0 upward, guard page, stack, then the heap. */
export class Exec {
  constructor(
    protected readonly cx: KernelContext,
    protected readonly vm: Vm,
    protected readonly copyUser: CopyUser,
    protected readonly fs: FileSystem,
  ) {}

  /** The program in the file that the path leads to; undefined when it leads to none. */
  find(path: Uint8Array, directory: number): ProgramImage | undefined {
    const { fs } = this;
    if (!fs.hasDisk) return undefined;
    return fs.transaction(() => {
      const ip = fs.namei(letters(path), directory);
      if (ip === 0) return undefined;
      const image = readProgram((offset, length) => fs.readi(ip, offset, length));
      fs.iput(ip);
      return image;
    });
  }

  /**
   * Gives process p, which this hart runs or makes, the program's memory in place of its own, and its name. Its registers
   * are the caller's to set. A string says why not; then the process is what it was.
   *
   * @param argv the arguments, without terminating zeros
   * @param path where the name comes from
   */
  replace(p: number, image: ProgramImage, argv: readonly Uint8Array[], path: Uint8Array): LoadedProgram | string {
    const program = this.load(p, image, argv);
    if (typeof program === 'string') return program;
    this.commit(p, program);
    this.rename(p, path);
    return program;
  }

  /** The new address space first: until the old one is no longer the process's, somebody may go to user code in it. */
  protected commit(p: number, program: LoadedProgram): void {
    const { mem } = this.cx;
    const old = pagetable.load(mem, p);
    const oldSize = sz.load(mem, p);
    this.switchTo(p, program);
    // The other of the process's two page tables, as the new one was before.
    newPagetable.store(mem, p, old);
    this.vm.uvmfree(old, oldSize);
    newPagetable.store(mem, p, 0);
  }

  /** Flushes the TLB too, which may have translations of the old address space. */
  protected switchTo(p: number, program: LoadedProgram): void {
    const { mem, hart } = this.cx;
    pagetable.store(mem, p, program.pagetable);
    sz.store(mem, p, program.sz);
    hart.setAddressSpace(program.pagetable);
  }

  /** A new address space with the program and its arguments, known as p's second one; when there is none, nothing is left of it. */
  protected load(p: number, image: ProgramImage, argv: readonly Uint8Array[]): LoadedProgram | string {
    const { mem } = this.cx;
    const root = this.vm.uvmcreate();
    if (root === 0) return 'there is no memory for its page table';
    newPagetable.store(mem, p, root);
    const space = { root, sz: 0 };
    const built = this.build(space, image, argv);
    if (typeof built !== 'string') return built;
    this.vm.uvmfree(root, space.sz);
    newPagetable.store(mem, p, 0);
    return built;
  }

  /** `space.sz` is what there is to free when it fails. */
  private build(
    space: { readonly root: number; sz: number },
    { segments, entry }: ProgramImage,
    argv: readonly Uint8Array[],
  ): LoadedProgram | string {
    const { root } = space;
    for (const segment of segments) {
      const end = segment.vaddr + segment.memSize;
      if (segment.vaddr % PAGE_SIZE !== 0 || segment.fileBytes.length > segment.memSize || end > MAXVA)
        return `its segment at 0x${segment.vaddr.toString(16)} does not fit into the address space`;
      const permissions = (segment.writable ? Pte.W : 0) | (segment.executable ? Pte.X : 0);
      if (!this.vm.uvmalloc(root, space.sz, end, permissions)) return 'there is not enough memory for it';
      // One that begins below the end of those before it overlaps them, and goes over them, as in xv6.
      space.sz = Math.max(space.sz, end);
      this.loadseg(root, segment);
    }

    const guard = pageRoundUp(space.sz);
    const top = guard + (USERSTACK + 1) * PAGE_SIZE;
    if (top > MAXVA || !this.vm.uvmalloc(root, guard, top, Pte.W)) return 'there is no memory for its stack';
    space.sz = top;
    this.vm.uvmclear(root, guard);
    const sp = this.pushArguments(root, top, argv);
    if (sp === undefined) return `its arguments do not fit: at most ${MAXARG}, on ${USERSTACK} page of stack`;
    return { pagetable: root, sz: top, entry, sp, argc: argv.length };
  }

  /** The pages are there, and nobody else's; those that are new are zero. */
  private loadseg(root: number, { vaddr, fileBytes }: ProgramSegment): void {
    for (let done = 0; done < fileBytes.length; done += PAGE_SIZE) {
      const pte = this.vm.walk(root, vaddr + done, false);
      this.cx.mem.write(ptePa(this.cx.mem.load32(pte)), fileBytes.subarray(done, done + PAGE_SIZE));
    }
  }

  /** Strings from the top of the stack downward, then the array of pointers to them. Its address. */
  private pushArguments(root: number, top: number, argv: readonly Uint8Array[]): number | undefined {
    if (argv.length > MAXARG) return undefined;
    const bottom = top - USERSTACK * PAGE_SIZE;
    let sp = top;
    const pointers = new BigUint64Array(argv.length + 1);
    for (const [index, argument] of argv.entries()) {
      const text = terminated(argument);
      sp = alignDown(sp - text.length);
      if (sp < bottom || !this.copyUser.copyout(root, sp, text)) return undefined;
      pointers[index] = BigInt(sp);
    }
    sp = alignDown(sp - pointers.length * POINTER_SIZE);
    if (sp < bottom || !this.copyUser.copyout(root, sp, new Uint8Array(pointers.buffer))) return undefined;
    return sp;
  }

  /** The last part of the path, zero-terminated, cut to what fits. */
  private rename(p: number, path: Uint8Array): void {
    const { mem } = this.cx;
    const last = path.subarray(path.lastIndexOf(SLASH) + 1).subarray(0, NAME_BYTES - 1);
    mem.fill(name.at(p), 0, NAME_BYTES);
    mem.write(name.at(p), last);
  }
}

/**
 * Frames that the first process takes to start: its pages, the tables for them, and the empty table that every process
 * begins with.
 */
export function framesToStart(image: ProgramImage): number {
  const last = image.segments.at(-1);
  const end = last === undefined ? 0 : last.vaddr + last.memSize;
  const pages = pageRoundUp(end) / PAGE_SIZE + USERSTACK + 1;
  const leafTables = Math.ceil(pages / PTES_PER_TABLE);
  const middleTables = Math.ceil(leafTables / PTES_PER_TABLE);
  return pages + leafTables + middleTables + 2;
}

function terminated(text: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(text.length + 1);
  bytes.set(text);
  return bytes;
}

function alignDown(address: number): number {
  return address - (address % STACK_ALIGN);
}
