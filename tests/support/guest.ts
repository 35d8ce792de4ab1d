import { type Clock, CsrFile } from '../../src/hart/csr-file.js';
import { Exit } from '../../src/hart/engine.js';
import { Hart } from '../../src/hart/hart.js';
import { carryOutSystem, SystemResult } from '../../src/hart/system.js';
import { enterException, enterInterrupt, takeableInterrupt } from '../../src/hart/trap-entry.js';
import { compileInterpreter } from '../../src/interpreter/compile-interpreter.js';
import { assemble, type Program } from '../../src/isa/assemble.js';
import { Cause } from '../../src/isa/causes.js';
import { Privilege } from '../../src/isa/privilege.js';
import { KERNBASE } from '../../src/memory/map.js';
import { SharedMemory } from '../../src/memory/shared-memory.js';
import { createEngine, type EngineChoice } from '../../src/translator/engines.js';
import { engineOfTests } from './engine-choice.js';
import type { HartThreadData } from './hart-thread.js';
import { PageTables } from './page-tables.js';
import { onStandingThread } from './standing-threads.js';

const HART_THREAD = new URL('./hart-thread.js', import.meta.url);
const module = compileInterpreter();
const PLENTY = 100_000;
const MOST_EXITS = 1000;

/** A machine with a program and nothing else: no supervisor, so that a test sees every exit of the engine itself. */
export class Guest {
  readonly memory: SharedMemory;
  readonly harts: readonly Hart[];
  readonly tables: PageTables;
  private loaded: Program | undefined;

  /** Harts begin in M-mode without translation, at the start of RAM. */
  constructor(
    harts = 1,
    private readonly engine: EngineChoice = engineOfTests(),
    { devices }: { devices?: number } = {},
  ) {
    const memory = SharedMemory.create({ harts, memory: 8, ...(devices !== undefined && { devices }) });
    this.memory = memory;
    this.tables = new PageTables(memory);
    const create = createEngine(engine, module);
    this.harts = memory.map.harts.map((map, id) => new Hart(id, memory, create(memory, map)));
    for (const hart of this.harts) {
      hart.privilege = Privilege.Machine;
      hart.pc = BigInt(KERNBASE);
    }
  }

  /** Hart 0. */
  get hart(): Hart {
    const [hart] = this.harts;
    if (hart === undefined) throw new Error('a guest has a hart');
    return hart;
  }
  get program(): Program {
    if (this.loaded === undefined) throw new Error('no program was loaded');
    return this.loaded;
  }

  /** Assembles to physical `address` and has every hart begin there; `origin` where the program believes that it lies. */
  load(source: string, address = KERNBASE, origin = BigInt(address)): void {
    this.loaded = assemble(source, { origin });
    this.memory.ram.write(address, this.loaded.bytes);
    for (const hart of this.harts) {
      hart.engine.flushCode();
      hart.pc = origin;
    }
  }

  /** Raw encodings, two or four bytes each, as `load` loads text. */
  loadWords(words: readonly number[], size: 2 | 4 = 4, address = KERNBASE): void {
    const bytes = Buffer.alloc(words.length * size);
    for (const [i, word] of words.entries())
      size === 4 ? bytes.writeInt32LE(word | 0, i * 4) : bytes.writeUInt16LE(word & 0xffff, i * 2);
    this.memory.ram.write(address, bytes);
    this.hart.engine.flushCode();
    this.hart.pc = BigInt(address);
  }

  /** Address of a label of the program. */
  at(label: string): bigint {
    const address = this.program.symbols.get(label);
    if (address === undefined) throw new Error(`the program has no label ${label}`);
    return address;
  }

  /** Runs hart 0 until the engine gives up. */
  run(budget = PLENTY): Exit {
    this.hart.budget = budget;
    return this.hart.engine.run();
  }

  /**
   * Runs hart 0 as a machine without a host's supervisor does: exceptions and interrupts go to the guest's own vectors,
   * privileged instructions are carried out. Ends at an ebreak, whoever executes it; a wfi goes on at once.
   */
  runPrivileged(clock: Clock = () => 0n): void {
    const { hart } = this;
    const csrs = new CsrFile(hart, clock);
    for (let exits = 0; exits < MOST_EXITS; exits++) {
      const interrupt = takeableInterrupt(hart);
      if (interrupt !== undefined) enterInterrupt(hart, interrupt);
      const exit = this.run();
      const trapped = exit === Exit.Trap || (exit === Exit.System && carryOutSystem(hart, csrs) === SystemResult.Trap);
      if (!trapped) continue;
      if (hart.cause === Cause.Breakpoint) return;
      enterException(hart, hart.cause, hart.trapValue);
    }
    throw new Error(`the program has not reached an ebreak; it is at 0x${hart.pc.toString(16)}`);
  }

  /** Runs every hart in a thread of its own, until each has trapped. Rejects when a thread fails. */
  async runAll(): Promise<void> {
    const { memory, engine } = this;
    const works = this.harts.map(({ id }): HartThreadData => ({ handle: memory.handle, module, engine, hart: id }));
    await Promise.all(works.map((work) => onStandingThread(HART_THREAD, work)));
  }
}
