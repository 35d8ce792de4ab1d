import { type EngineFactory, Exit } from '../../src/hart/engine.js';
import { Hart } from '../../src/hart/hart.js';
import { compileInterpreter } from '../../src/interpreter/compile-interpreter.js';
import { createInterpreter } from '../../src/interpreter/interpreter.js';
import { Cause } from '../../src/isa/causes.js';
import { Privilege } from '../../src/isa/privilege.js';
import { MAXVA, PAGE_SIZE, Pte, pageRoundUp } from '../../src/isa/sv39.js';
import { parseElf } from '../../src/machine/elf.js';
import { KERNBASE } from '../../src/memory/map.js';
import { SharedMemory } from '../../src/memory/shared-memory.js';
import { PageTables } from './page-tables.js';
import { userProgram } from './user-programs.js';

const SLICE = 1_000_000;
const STACK_PAGES = 4;
const STACK_TOP = 0x4000_0000;
const A0 = 10;
const A1 = 11;
const A2 = 12;
const A7 = 17;
const SP = 2;
/** xv6's system calls that the programs need. */
const SYS_EXIT = 2;
const SYS_WRITE = 16;

/** One user program on one hart, in U-mode behind Sv39, with the least of a supervisor. */
export class LoneProgram {
  readonly hart: Hart;
  readonly tables: PageTables;
  console = '';

  /** @param program name of one of kernel/user, or an ELF file */
  constructor(
    program: string | Uint8Array,
    args: readonly string[],
    engine: EngineFactory = createInterpreter(compileInterpreter()),
  ) {
    const memory = SharedMemory.create({ harts: 1, memory: 16 });
    const map = memory.map.harts[0];
    if (map === undefined) throw new Error('a machine has a hart');
    this.hart = new Hart(0, memory, engine(memory, map));
    const tables = new PageTables(memory);
    this.tables = tables;
    const elf = parseElf(typeof program === 'string' ? userProgram(program) : program, MAXVA);
    let frame = KERNBASE;
    for (const segment of elf.segments) {
      memory.ram.write(frame, segment.fileBytes);
      const flags = Pte.U | Pte.R | (segment.writable ? Pte.W : 0) | (segment.executable ? Pte.X : 0);
      for (let va = segment.vaddr; va < pageRoundUp(segment.vaddr + segment.memSize); va += PAGE_SIZE) {
        tables.map(va, frame, flags);
        frame += PAGE_SIZE;
      }
    }
    const stack = frame;
    for (let i = 0; i < STACK_PAGES; i++)
      tables.map(STACK_TOP - (STACK_PAGES - i) * PAGE_SIZE, stack + i * PAGE_SIZE, Pte.U | Pte.R | Pte.W);
    this.passArguments([typeof program === 'string' ? program : 'program', ...args], stack + STACK_PAGES * PAGE_SIZE);
    this.hart.pc = BigInt(elf.entry);
    this.hart.setAddressSpace(tables.root);
    this.hart.privilege = Privilege.User;
  }

  /** Runs until the program exits, `slice` instructions at a time; the instructions it took. */
  run(slice = SLICE): number {
    const { hart } = this;
    for (;;) {
      hart.budget = slice;
      const exit = hart.engine.run();
      if (exit === Exit.Budget) continue;
      if (exit !== Exit.Trap || hart.cause !== Cause.UserEcall)
        throw new Error(
          `unexpected trap ${hart.cause}, value ${hart.trapValue.toString(16)}, pc ${hart.pc.toString(16)}`,
        );
      const call = hart.getNumber(A7);
      if (call === SYS_EXIT) return hart.instret;
      if (call !== SYS_WRITE) throw new Error(`the program makes system call ${call}, which this supervisor lacks`);
      this.write();
      hart.pc += 4n;
    }
  }

  private write(): void {
    const { hart } = this;
    // Programs write from their stack, which lies in one piece.
    const pa = hart.getNumber(A1) - STACK_TOP + this.stackEnd;
    this.console += Buffer.from(hart.memory.ram.read(pa, hart.getNumber(A2))).toString();
    hart.setX(A0, hart.getX(A2));
  }

  private stackEnd = 0;
  private passArguments(args: readonly string[], stackEnd: number): void {
    const { ram } = this.hart.memory;
    this.stackEnd = stackEnd;
    let top = stackEnd;
    const pointers = args.map((arg) => {
      const bytes = Buffer.from(`${arg}\0`);
      top -= Math.ceil(bytes.length / 16) * 16;
      ram.write(top, bytes);
      return STACK_TOP + top - stackEnd;
    });
    top -= Math.ceil((pointers.length + 1) / 2) * 16;
    for (const [i, pointer] of pointers.entries()) ram.store64(top + i * 8, pointer);
    this.hart.setX(SP, BigInt(STACK_TOP + top - stackEnd));
    this.hart.setX(A0, BigInt(args.length));
    this.hart.setX(A1, BigInt(STACK_TOP + top - stackEnd));
  }
}
