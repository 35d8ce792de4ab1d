import type { Board } from '../../hart/board.js';
import { CsrFile } from '../../hart/csr-file.js';
import type { EngineFactory } from '../../hart/engine.js';
import { Hart } from '../../hart/hart.js';
import { enterException } from '../../hart/trap-entry.js';
import { Cause } from '../../isa/causes.js';
import { decode } from '../../isa/decode.js';
import { Privilege } from '../../isa/privilege.js';
import { controlBlock, Debugging } from '../../memory/map.js';
import type { SharedMemory } from '../../memory/shared-memory.js';
import { HartMemory } from '../hart-memory.js';
import type { MachineControl } from '../machine-control.js';
import { Breakpoints } from './breakpoints.js';
import { GdbRegister, type GdbTarget, type Halt } from './gdb-target.js';
import { stepInstruction } from './step-instruction.js';
import { readableCsrs } from './target-description.js';

/** How long it waits for a breakpoint before it looks whether the machine still lives, in milliseconds. */
const LOOK_MS = 100;
const X_REGISTERS = 32;
const MODES: Readonly<Record<number, string>> = {
  [Privilege.User]: 'user mode',
  [Privilege.Supervisor]: 'supervisor mode',
  [Privilege.Machine]: 'machine mode',
};

export interface DebuggerParts {
  /** An interpreter: code that is translated on a hart's own thread cannot be run on this one. */
  readonly engine: EngineFactory;
  /** The board as this thread sees it. */
  readonly board: Board;
  /** What the machine has returned, when it has ended. */
  readonly status: () => number;
}

/** What somebody asked of a running machine. */
type Wish = 'nothing' | 'interrupt' | 'release';

/** A hart as the main thread has it while the machine stands still. */
interface Patient {
  readonly hart: Hart;
  readonly memory: HartMemory;
  readonly csrs: CsrFile;
}

/**
 * A free-running machine in a debugger's hands. Harts stop at `ebreak`, which stands in for instructions at breakpoints; while all
 * stand still, their state and memory are read and written from the main thread, which also steps them one by one.
 */
export class MachineDebugger implements GdbTarget {
  readonly harts: number;
  /** Whether the debugger has ended the machine. */
  wasKilled = false;
  private readonly patients = new Map<number, Patient>();
  private readonly breakpoints: Breakpoints;
  private wish: Wish = 'nothing';
  private state: 'free' | 'standing' | 'running' = 'free';
  /** Settles when nobody waits for a running machine any more. */
  private resumed: Promise<unknown> = Promise.resolve();
  /** Settles when harts that were let go have left: until then they count as standing. */
  private gone: Promise<void> = Promise.resolve();

  constructor(
    private readonly memory: SharedMemory,
    private readonly control: MachineControl,
    private readonly parts: DebuggerParts,
  ) {
    this.harts = memory.map.harts.length;
    this.breakpoints = new Breakpoints(memory);
  }

  /** A debugger has come: the machine stands still for it. false: it has ended. */
  async take(): Promise<boolean> {
    // The last debugger may have left in the midst of a run, and what it left to be done must not undo this.
    await this.resumed;
    await this.gone;
    this.debugging = Debugging.On;
    this.control.askToStand();
    const stands = await this.control.allStand();
    if (stands) this.state = 'standing';
    return stands;
  }

  readRegister(hart: number, register: number): bigint | undefined {
    const patient = this.patient(hart);
    const csr = readableCsrs.get(register);
    if (csr !== undefined) return patient.csrs.read(csr);
    if (register === GdbRegister.privilege) return BigInt(patient.hart.privilege);
    if (register === GdbRegister.pc) return patient.hart.pc;
    return register < X_REGISTERS ? BigInt.asUintN(64, patient.hart.getX(register)) : undefined;
  }

  writeRegister(hart: number, register: number, value: bigint): boolean {
    const patient = this.patient(hart).hart;
    if (register === GdbRegister.pc) patient.pc = value & ~1n;
    else if (register > 0 && register < X_REGISTERS) patient.setX(register, BigInt.asIntN(64, value));
    else return false;
    return true;
  }

  readMemory(hart: number, address: bigint, size: number): Uint8Array {
    return this.breakpoints.without(() => this.patient(hart).memory.read(address, size));
  }

  writeMemory(hart: number, address: bigint, bytes: Uint8Array): boolean {
    return this.breakpoints.without(() => this.patient(hart).memory.write(address, bytes));
  }

  setBreakpoint(hart: number, address: bigint): boolean {
    const at = this.placeOf(hart, address);
    if (at !== undefined) this.breakpoints.set(at);
    return at !== undefined;
  }

  clearBreakpoint(hart: number, address: bigint): boolean {
    const at = this.placeOf(hart, address);
    if (at !== undefined) this.breakpoints.clear(at);
    return at !== undefined;
  }

  step(hart: number): void {
    const patient = this.patient(hart);
    this.breakpoints.without(() => stepInstruction(patient.hart, patient.memory, this.parts.board, patient.csrs));
  }

  resume(harts: readonly number[]): Promise<Halt> {
    const halt = this.untilHalt(harts);
    this.resumed = halt;
    return halt;
  }

  private async untilHalt(harts: readonly number[]): Promise<Halt> {
    const held = this.all().filter(({ hart }) => !harts.includes(hart.id));
    this.wish = 'nothing';
    for (;;) {
      await this.run(held.map(({ hart }) => hart.id));
      if (!(await this.untilCalled())) return { kind: 'ended', status: this.parts.status() };
      this.state = 'standing';
      const wish: Wish = this.wished;
      if (wish === 'release') {
        this.free();
        return { kind: 'interrupted', hart: 0 };
      }
      const came = this.all().filter((patient) => !held.includes(patient));
      const hit = came.find(({ hart, memory }) => this.isAtBreakpoint(hart, memory));
      if (hit !== undefined) return { kind: 'breakpoint', hart: hit.hart.id };
      if (wish === 'interrupt') return { kind: 'interrupted', hart: harts[0] ?? 0 };
      came.forEach(deliverOwnBreakpoint);
    }
  }

  interrupt(): void {
    this.call('interrupt');
  }

  kill(): void {
    this.wasKilled = true;
    this.control.stop();
  }

  release(): void {
    if (this.state === 'standing') this.free();
    else if (this.state === 'running') this.call('release');
  }

  describe(hart: number): string {
    return MODES[this.patient(hart).hart.privilege] ?? 'unknown mode';
  }

  private async run(held: readonly number[]): Promise<void> {
    // What is decoded may be from before a breakpoint was set or taken away.
    for (const { hart } of this.all()) hart.engine.flushCode();
    this.debugging = Debugging.On;
    this.state = 'running';
    await this.control.goOn(held);
  }

  /** Waits for a hart at a breakpoint, or for somebody who wants something; then all stand. false: the machine has ended. */
  private async untilCalled(): Promise<boolean> {
    const { host, map } = this.memory;
    const { debugging } = controlBlock.fields;
    while (this.debugging === Debugging.On && this.wish === 'nothing') {
      if (this.control.stopping) return false;
      await host.changed(debugging.at(map.control), Debugging.On, LOOK_MS);
    }
    this.control.askToStand();
    return this.control.allStand();
  }

  private call(wish: 'interrupt' | 'release'): void {
    if (this.state !== 'running') return;
    this.wish = wish;
    const { host, map } = this.memory;
    host.unpark(controlBlock.fields.debugging.at(map.control), 1);
  }

  /** It changes while we wait. */
  private get wished(): Wish {
    return this.wish;
  }

  private free(): void {
    this.breakpoints.clearAll();
    for (const { hart } of this.all()) hart.engine.flushCode();
    this.debugging = Debugging.Off;
    this.state = 'free';
    this.gone = this.control.goOn();
  }

  private isAtBreakpoint(hart: Hart, memory: HartMemory): boolean {
    const at = memory.translate(hart.pc);
    return at !== undefined && this.breakpoints.has(at);
  }

  /** As the hart sees the address; where it does not, as an address in RAM: kernels run where they lie. */
  private placeOf(hart: number, address: bigint): number | undefined {
    const { memory } = this.patient(hart);
    const physical = Number(address);
    return memory.translate(address) ?? (memory.isRam(physical) ? physical : undefined);
  }

  private all(): Patient[] {
    return Array.from({ length: this.harts }, (_, hart) => this.patient(hart));
  }

  /** Made while the machine stands still: a new engine empties the hart's TLBs. */
  private patient(id: number): Patient {
    const known = this.patients.get(id);
    if (known !== undefined) return known;
    const { memory, parts } = this;
    const map = memory.map.harts[id];
    if (map === undefined) throw new RangeError(`there is no hart ${id}`);
    const hart = new Hart(id, memory, parts.engine(memory, map));
    const patient: Patient = {
      hart,
      memory: new HartMemory(memory, hart),
      csrs: new CsrFile(
        hart,
        () => BigInt(parts.board.time()),
        () => parts.board.update(hart),
      ),
    };
    this.patients.set(id, patient);
    return patient;
  }

  private get debugging(): Debugging {
    const { host, map } = this.memory;
    return controlBlock.fields.debugging.load(host, map.control) as Debugging;
  }
  private set debugging(value: Debugging) {
    const { host, map } = this.memory;
    controlBlock.fields.debugging.store(host, map.control, value);
    host.unpark(controlBlock.fields.stop.at(map.control), map.harts.length);
  }
}

/** The guest's own `ebreak` is an exception: the machine stood still because it might have been one of ours. */
function deliverOwnBreakpoint({ hart, memory }: Patient): void {
  const bytes = Buffer.alloc(4);
  bytes.set(memory.read(hart.pc, bytes.length));
  const row = decode(bytes.readInt32LE())?.row;
  if ((row?.expandsTo ?? row?.name) === 'ebreak') enterException(hart, Cause.Breakpoint, hart.pc);
}
