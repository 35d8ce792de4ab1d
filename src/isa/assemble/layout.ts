import type { Assembly } from './assembly.js';
import { AssemblyError } from './assembly-error.js';
import { type Expression, evaluate, type Scope } from './expression.js';
import { InstructionFragment } from './instruction-fragment.js';
import type { Section } from './section.js';

/** Rounds until addresses must have stopped moving; only a `.space` that depends on itself needs more. */
const LARGEST_ROUNDS = 100;
const LARGEST_PROGRAM = 1n << 31n;

/** Relocations have no value until addresses are known; sizes never depend on them. */
const noRelocation: Scope['relocation'] = () => 0n;

/** Gives every fragment its address: sections one after the other from `origin`, in the order of their first mention. */
export function layOut(assembly: Assembly, origin: bigint): void {
  do settle(assembly, origin);
  while (grow(assembly));
}

function settle(assembly: Assembly, origin: bigint): void {
  for (let round = 0; round < LARGEST_ROUNDS; round++) if (!place(assembly, origin)) return;
  throw assembly.error('the addresses do not settle; a .space or .equ depends on its own address');
}

/** One pass over all fragments; true when an address changed. */
function place(assembly: Assembly, origin: bigint): boolean {
  let changed = false;
  let address = origin;
  for (const section of assembly.sections.values()) {
    address += -address & BigInt(section.alignment - 1);
    const addresses = [address];
    for (const fragment of section.fragments) {
      address += BigInt(fragment.size(address, assembly.scope(fragment.line, noRelocation)));
      if (address - origin > LARGEST_PROGRAM) {
        throw new AssemblyError(fragment.line, 'the program is larger than 2 GiB here; make this smaller');
      }
      addresses.push(address);
    }
    changed ||= addresses.some((value, index) => value !== section.addresses[index]);
    section.addresses = addresses;
  }
  return changed;
}

function grow(assembly: Assembly): boolean {
  let grown = false;
  for (const section of assembly.sections.values()) {
    for (const [index, fragment] of section.fragments.entries()) {
      const scope = assembly.scope(fragment.line, noRelocation);
      if (fragment.grow?.(section.addressOf(index), scope)) grown = true;
    }
  }
  return grown;
}

/** The bytes from `origin` to the end of the last section. */
export function emit(assembly: Assembly, origin: bigint): Uint8Array {
  const end = [...assembly.sections.values()].reduce(
    (last, section) => (section.end > last ? section.end : last),
    origin,
  );
  const bytes = new Uint8Array(Number(end - origin));
  const relocations = new Relocations(assembly);
  for (const section of assembly.sections.values()) {
    for (const [index, fragment] of section.fragments.entries()) {
      const address = section.addressOf(index);
      bytes.set(fragment.emit(address, relocations.scopeAt(fragment.line, address)), Number(address - origin));
    }
  }
  return bytes;
}

const LOW_BITS = 12;
const HIGH_BITS = 20;

/** `%hi` and its kind: the upper 20 bits such that adding the sign-extended lower 12 gives the value. */
function split(value: bigint): { high: bigint; low: bigint } {
  const low = BigInt.asIntN(LOW_BITS, value);
  return { high: (value - low) >> BigInt(LOW_BITS), low };
}

class Relocations {
  /** By address of an instruction that holds `%pcrel_hi`: the distance it begins to cover. */
  private readonly distances = new Map<bigint, bigint>();

  constructor(private readonly assembly: Assembly) {
    for (const section of assembly.sections.values()) this.collect(section);
  }

  private collect(section: Section): void {
    for (const [index, fragment] of section.fragments.entries()) {
      const target = fragment instanceof InstructionFragment ? fragment.pcrelTarget : undefined;
      if (target === undefined) continue;
      const address = section.addressOf(index);
      this.distances.set(address, this.valueOf(target, fragment.line) - address);
    }
  }

  private valueOf(expression: Expression, line: number): bigint {
    return evaluate(expression, this.assembly.scope(line, noRelocation));
  }

  scopeAt(line: number, address: bigint): Scope {
    return this.assembly.scope(line, (part, operand) => {
      const value = this.valueOf(operand, line);
      switch (part) {
        case 'hi':
          return BigInt.asUintN(HIGH_BITS, split(value).high);
        case 'lo':
          return split(value).low;
        case 'pcrel_hi':
          return upperDistance(value - address, line);
        case 'pcrel_lo':
          return this.lowerDistance(value, line);
      }
    });
  }

  private lowerDistance(label: bigint, line: number): bigint {
    const distance = this.distances.get(label);
    if (distance === undefined) {
      throw new AssemblyError(line, '%pcrel_lo needs the label of an auipc with %pcrel_hi, not the symbol itself');
    }
    return split(distance).low;
  }
}

function upperDistance(distance: bigint, line: number): bigint {
  const { high } = split(distance);
  if (BigInt.asIntN(HIGH_BITS, high) !== high) {
    throw new AssemblyError(line, `the symbol is ${distance} bytes away, more than 2 GiB; load its address with li`);
  }
  return high;
}
