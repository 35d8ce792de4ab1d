import type { ProgramImage, ProgramSegment } from '../src/hart/program-image.js';
import { MAXVA, PAGE_SIZE, PTES_PER_TABLE, Pte, pageRoundUp, ptePa } from '../src/isa/sv39.js';
import type { KernelContext } from './context.js';
import type { CopyUser } from './copy-user.js';
import { MAXARG, USERSTACK } from './params.js';
import type { Vm } from './vm.js';

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

/** RISC-V calling convention: the stack pointer is always 16-byte aligned. */
const STACK_ALIGN = 16;
const POINTER_SIZE = 8;

/** Builds address spaces from programs, as xv6's exec does: segments from 0 upward, guard page, stack, then the heap. */
export class Exec {
  constructor(
    protected readonly cx: KernelContext,
    protected readonly vm: Vm,
    protected readonly copyUser: CopyUser,
  ) {}

  /** A new address space with the program and its arguments; a string says why there is none, and nothing is left of it. */
  load(image: ProgramImage, argv: readonly string[]): LoadedProgram | string {
    const pagetable = this.vm.uvmcreate();
    if (pagetable === 0) return 'there is no memory for its page table';
    let sz = 0;
    const fail = (why: string): string => {
      this.vm.uvmfree(pagetable, sz);
      return why;
    };
    for (const segment of image.segments) {
      const end = segment.vaddr + segment.memSize;
      if (
        segment.vaddr % PAGE_SIZE !== 0 ||
        segment.vaddr < sz ||
        segment.fileBytes.length > segment.memSize ||
        end > MAXVA
      )
        return fail(`its segment at 0x${segment.vaddr.toString(16)} does not fit into the address space`);
      const permissions = (segment.writable ? Pte.W : 0) | (segment.executable ? Pte.X : 0);
      if (!this.vm.uvmalloc(pagetable, sz, end, permissions)) return fail('there is not enough memory for it');
      sz = end;
      this.loadseg(pagetable, segment);
    }

    const guard = pageRoundUp(sz);
    const top = guard + (USERSTACK + 1) * PAGE_SIZE;
    if (top > MAXVA || !this.vm.uvmalloc(pagetable, guard, top, Pte.W)) return fail('there is no memory for its stack');
    sz = top;
    this.vm.uvmclear(pagetable, guard);
    const sp = this.pushArguments(pagetable, top, argv);
    if (sp === undefined) return fail(`its arguments do not fit: at most ${MAXARG}, on ${USERSTACK} page of stack`);
    return { pagetable, sz, entry: image.entry, sp, argc: argv.length };
  }

  /** The pages are there, fresh and zero. */
  private loadseg(pagetable: number, { vaddr, fileBytes }: ProgramSegment): void {
    for (let done = 0; done < fileBytes.length; done += PAGE_SIZE) {
      const pte = this.vm.walk(pagetable, vaddr + done, false);
      this.cx.mem.write(ptePa(this.cx.mem.load32(pte)), fileBytes.subarray(done, done + PAGE_SIZE));
    }
  }

  /** Strings from the top of the stack downward, then the array of pointers to them. Its address. */
  private pushArguments(pagetable: number, top: number, argv: readonly string[]): number | undefined {
    if (argv.length > MAXARG) return undefined;
    const bottom = top - USERSTACK * PAGE_SIZE;
    let sp = top;
    const pointers = new BigUint64Array(argv.length + 1);
    for (const [index, argument] of argv.entries()) {
      const text = new TextEncoder().encode(`${argument}\0`);
      sp = alignDown(sp - text.length);
      if (sp < bottom || !this.copyUser.copyout(pagetable, sp, text)) return undefined;
      pointers[index] = BigInt(sp);
    }
    sp = alignDown(sp - pointers.length * POINTER_SIZE);
    if (sp < bottom || !this.copyUser.copyout(pagetable, sp, new Uint8Array(pointers.buffer))) return undefined;
    return sp;
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

function alignDown(address: number): number {
  return address - (address % STACK_ALIGN);
}
