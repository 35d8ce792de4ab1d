import { csrs } from '../../isa/csrs.js';
import { registerNames } from '../../isa/registers.js';
import { GdbRegister } from './gdb-target.js';

/** CSRs that a debugger may read, by GDB's numbers of registers. */
export const readableCsrs: ReadonlyMap<number, keyof typeof csrs> = new Map(
  Object.entries(csrs).map(([name, { number }]) => [GdbRegister.firstCsr + number, name as keyof typeof csrs]),
);

const TYPES: Readonly<Record<string, string>> = { ra: 'code_ptr', sp: 'data_ptr', gp: 'data_ptr', tp: 'data_ptr' };

function register(name: string, number: number, type = 'int'): string {
  return `<reg name="${name}" bitsize="64" regnum="${number}" type="${type}"/>`;
}

/** What GDB asks for as `target.xml` ("Debugging with GDB", "RISC-V Features"): RV64 without floating point, and this machine's CSRs. */
export const targetDescription = [
  '<?xml version="1.0"?>',
  '<!DOCTYPE target SYSTEM "gdb-target.dtd">',
  '<target version="1.0">',
  '<architecture>riscv:rv64</architecture>',
  '<feature name="org.gnu.gdb.riscv.cpu">',
  ...registerNames.map((name, number) => register(name === 's0' ? 'fp' : name, number, TYPES[name])),
  register('pc', GdbRegister.pc, 'code_ptr'),
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
