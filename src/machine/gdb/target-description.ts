import { csrs } from '../../isa/csrs.js';
import { registerNames } from '../../isa/registers.js';
import { GdbRegister } from './gdb-target.js';

/** CSRs that a debugger may read, by GDB's numbers of registers. */
export const readableCsrs: ReadonlyMap<number, keyof typeof csrs> = new Map(
  Object.entries(csrs).map(([name, { number }]) => [GdbRegister.firstCsr + number, name as keyof typeof csrs]),
);

const FIRST_FLOAT = 33;
/** In the order of their numbers (RISC-V psABI, "Floating-point Register Convention"). */
const FLOAT_NAMES = [
  ...['ft0', 'ft1', 'ft2', 'ft3', 'ft4', 'ft5', 'ft6', 'ft7', 'fs0', 'fs1'],
  ...['fa0', 'fa1', 'fa2', 'fa3', 'fa4', 'fa5', 'fa6', 'fa7'],
  ...['fs2', 'fs3', 'fs4', 'fs5', 'fs6', 'fs7', 'fs8', 'fs9', 'fs10', 'fs11', 'ft8', 'ft9', 'ft10', 'ft11'],
];

const TYPES: Readonly<Record<string, string>> = { ra: 'code_ptr', sp: 'data_ptr', gp: 'data_ptr', tp: 'data_ptr' };

function register(name: string, number: number, type = 'int'): string {
  return `<reg name="${name}" bitsize="64" regnum="${number}" type="${type}"/>`;
}

/** Of F and D, which these harts have not got: GDB wants them described for a program that is built for their calling convention. */
const floats: readonly (readonly [name: string, number: number, type: string])[] = [
  ...FLOAT_NAMES.map((name, i) => [name, FIRST_FLOAT + i, 'ieee_double'] as const),
  ...['fflags', 'frm', 'fcsr'].map((name, i) => [name, GdbRegister.firstCsr + 1 + i, 'int'] as const),
];
const floatNumbers: ReadonlySet<number> = new Set(floats.map(([, number]) => number));

/** Whether GDB knows the register and this machine has it not. */
export function isAbsent(register: number): boolean {
  return floatNumbers.has(register);
}

/** What GDB asks for as `target.xml` ("Debugging with GDB", "RISC-V Features"): RV64, and this machine's CSRs. */
export const targetDescription = [
  '<?xml version="1.0"?>',
  '<!DOCTYPE target SYSTEM "gdb-target.dtd">',
  '<target version="1.0">',
  '<architecture>riscv:rv64</architecture>',
  '<feature name="org.gnu.gdb.riscv.cpu">',
  ...registerNames.map((name, number) => register(name === 's0' ? 'fp' : name, number, TYPES[name])),
  register('pc', GdbRegister.pc, 'code_ptr'),
  '</feature>',
  '<feature name="org.gnu.gdb.riscv.fpu">',
  ...floats.map(([name, number, type]) => register(name, number, type)),
  '</feature>',
  '<feature name="org.gnu.gdb.riscv.csr">',
  ...[...readableCsrs].map(([number, name]) => register(name, number)),
  '</feature>',
  '<feature name="org.gnu.gdb.riscv.virtual">',
  register('priv', GdbRegister.privilege),
  '</feature>',
  '</target>',
  '',
].join('\n');
