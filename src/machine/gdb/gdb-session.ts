import { answerQuery } from './gdb-queries.js';
import { GdbRegister, type GdbTarget, type Halt } from './gdb-target.js';
import { fromHex, number, registerFromHex, registerToHex, toHex } from './hex.js';
import { isAbsent } from './target-description.js';

const OK = 'OK';
/** What goes wrong says no more than that. */
const ERROR = 'E01';
/** Of a register that the machine has not got. */
const UNAVAILABLE = 'x'.repeat(16);
const TRAP = '05';
const INTERRUPTED = '02';
const GENERAL_REGISTERS = GdbRegister.pc + 1;

/** Threads are harts, from 1 on: GDB's number 0 means any of them, and -1 all. */
export function threadOf(hart: number): string {
  return (hart + 1).toString(16);
}

/** What a session does with the answer beside sending it. */
export type Answer =
  | { readonly kind: 'reply'; readonly text: string }
  /** The machine runs; its halt is the answer. */
  | { readonly kind: 'running'; readonly halt: Promise<string> }
  /** The debugger has gone, after this last reply. */
  | { readonly kind: 'over'; readonly text: string };

/** One debugger's conversation with a machine: a packet in, an answer out. */
export class GdbSession {
  /** That registers and memory are read of, and that runs next: what GDB selected last. */
  private hart = 0;
  private stepping = 0;
  private lastHalt: Halt = { kind: 'breakpoint', hart: 0 };

  constructor(private readonly target: GdbTarget) {}

  /** What the machine says to the packet. A packet that it does not know gets an empty reply, as the protocol wants it. */
  handle(packet: string): Answer {
    const rest = packet.slice(1);
    switch (packet[0]) {
      case '?':
        return reply(this.describe(this.lastHalt));
      case 'H':
        return reply(this.select(rest));
      case 'T':
        return reply(this.hartOf(rest) === undefined ? ERROR : OK);
      case 'g':
        return reply(this.readAll());
      case 'G':
        return reply(this.writeAll(rest));
      case 'p':
        return reply(this.readOne(rest));
      case 'P':
        return reply(this.writeOne(rest));
      case 'm':
        return reply(this.readMemory(rest));
      case 'M':
        return reply(this.writeMemory(rest));
      case 'Z':
        return reply(this.breakpoint(rest, (hart, address) => this.target.setBreakpoint(hart, address)));
      case 'z':
        return reply(this.breakpoint(rest, (hart, address) => this.target.clearBreakpoint(hart, address)));
      case 'c':
        return this.goOn(rest, () => this.run(this.all()));
      case 's':
        return this.goOn(rest, () => this.step(this.stepping));
      case 'v':
        return this.verbose(packet);
      case 'D':
        this.target.release();
        return { kind: 'over', text: OK };
      case 'k':
        this.target.kill();
        return { kind: 'over', text: '' };
      case 'q':
      case 'Q':
        return reply(answerQuery(packet, this.target, this.hart));
      default:
        return reply('');
    }
  }

  /** Ctrl-C. */
  interrupt(): void {
    this.target.interrupt();
  }

  private describe(halt: Halt): string {
    if (halt.kind === 'ended') return `W${(halt.status & 0xff).toString(16).padStart(2, '0')}`;
    return `T${halt.kind === 'breakpoint' ? TRAP : INTERRUPTED}thread:${threadOf(halt.hart)};`;
  }

  private halted(halt: Halt): string {
    this.lastHalt = halt;
    if (halt.kind !== 'ended') this.hart = halt.hart;
    return this.describe(halt);
  }

  private hartOf(text: string): number | undefined {
    const hart = Number(number(text) ?? 0n) - 1;
    return hart >= 0 && hart < this.target.harts ? hart : undefined;
  }

  /** `g` before what reads and writes, `c` before what runs; 0 and -1 leave the choice to us. */
  private select(text: string): string {
    const id = text.slice(1);
    const hart = id === '0' || id === '-1' ? this.hart : this.hartOf(id);
    if (hart === undefined) return ERROR;
    if (text[0] === 'c') this.stepping = hart;
    else this.hart = hart;
    return OK;
  }

  private readAll(): string {
    const all = Array.from({ length: GENERAL_REGISTERS }, (_, i) => this.target.readRegister(this.hart, i) ?? 0n);
    return all.map(registerToHex).join('');
  }

  private writeAll(text: string): string {
    const values = text.match(/.{1,16}/g)?.map(registerFromHex) ?? [];
    if (values.length < GENERAL_REGISTERS || values.includes(undefined)) return ERROR;
    // x0 is what it is.
    for (let i = 1; i < GENERAL_REGISTERS; i++) this.target.writeRegister(this.hart, i, values[i]!);
    return OK;
  }

  private readOne(text: string): string {
    const register = number(text);
    if (register === undefined) return ERROR;
    if (isAbsent(Number(register))) return UNAVAILABLE;
    const value = this.target.readRegister(this.hart, Number(register));
    return value === undefined ? ERROR : registerToHex(value);
  }

  private writeOne(text: string): string {
    const [left = '', right = ''] = text.split('=');
    const register = number(left);
    const value = registerFromHex(right);
    if (register === undefined || value === undefined) return ERROR;
    return this.target.writeRegister(this.hart, Number(register), value) ? OK : ERROR;
  }

  private readMemory(text: string): string {
    const [, address, size] = /^([0-9a-f]+),([0-9a-f]+)$/i.exec(text) ?? [];
    const from = number(address ?? '');
    const length = number(size ?? '');
    if (from === undefined || length === undefined || length > MOST_MEMORY) return ERROR;
    const bytes = this.target.readMemory(this.hart, from, Number(length));
    return bytes.length === 0 && length > 0n ? ERROR : toHex(bytes);
  }

  private writeMemory(text: string): string {
    const [, address, size, digits] = /^([0-9a-f]+),([0-9a-f]+):([0-9a-f]*)$/i.exec(text) ?? [];
    const to = number(address ?? '');
    const bytes = fromHex(digits ?? '');
    if (to === undefined || bytes === undefined || BigInt(bytes.length) !== number(size ?? '')) return ERROR;
    return this.target.writeMemory(this.hart, to, bytes) ? OK : ERROR;
  }

  /** Software and hardware breakpoints are the same here; watchpoints there are none. */
  private breakpoint(text: string, act: (hart: number, address: bigint) => boolean): string {
    const [, address] = /^[01],([0-9a-f]+),/i.exec(text) ?? [];
    const at = address === undefined ? undefined : number(address);
    if (at === undefined) return '';
    return act(this.hart, at) ? OK : ERROR;
  }

  /** With an address, where the hart is to go on. */
  private goOn(text: string, act: () => Answer): Answer {
    if (text === '') return act();
    const address = number(text);
    if (address === undefined) return reply(ERROR);
    this.target.writeRegister(this.stepping, GdbRegister.pc, address);
    return act();
  }

  private verbose(packet: string): Answer {
    if (packet === 'vCont?') return reply('vCont;c;C;s;S');
    if (packet.startsWith('vKill')) {
      this.target.kill();
      return { kind: 'over', text: OK };
    }
    if (!packet.startsWith('vCont;')) return reply('');
    const actions = packet
      .slice('vCont;'.length)
      .split(';')
      .map((action) => this.parseAction(action));
    if (actions.includes(undefined)) return reply(ERROR);
    // The first action that is for a hart counts; whoever has none stands still.
    const actionOf = (hart: number) => actions.find((action) => action?.harts.includes(hart))?.what;
    const steps = this.all().filter((hart) => actionOf(hart) === 's');
    // Whoever is to step does so alone, whatever is said of the others.
    if (steps.length > 0) return this.step(steps.includes(this.hart) ? this.hart : steps[0]!);
    const runs = this.all().filter((hart) => actionOf(hart) === 'c');
    return runs.length === 0 ? reply(ERROR) : this.run(runs);
  }

  /** `c` and `s`, with a signal or without, of one thread or of all. */
  private parseAction(text: string): { what: string; harts: readonly number[] } | undefined {
    const [, what, id = '-1'] = /^([cs]|[CS][0-9a-f]{2})(?::(.*))?$/i.exec(text) ?? [];
    const hart = this.hartOf(id);
    if (what === undefined || (hart === undefined && id !== '-1' && id !== '0')) return undefined;
    return { what: what[0]!.toLowerCase(), harts: hart === undefined ? this.all() : [hart] };
  }

  private all(): number[] {
    return Array.from({ length: this.target.harts }, (_, hart) => hart);
  }

  private step(hart: number): Answer {
    this.target.step(hart);
    return reply(this.halted({ kind: 'breakpoint', hart }));
  }

  private run(harts: readonly number[]): Answer {
    return { kind: 'running', halt: this.target.resume(harts).then((halt) => this.halted(halt)) };
  }
}

/** Twice as many digits as bytes, and they must fit a packet. */
const MOST_MEMORY = 0x1ff0n;

function reply(text: string): Answer {
  return { kind: 'reply', text };
}
