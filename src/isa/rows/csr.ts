import { rowsOf } from '../define-row.js';
import type { Row } from '../row.js';
import type { CsrOperation, CsrSource } from '../vocabulary.js';

const row = rowsOf('Zicsr');

interface CsrInstruction {
  readonly name: string;
  readonly match: number;
  readonly operation: CsrOperation;
  readonly source: CsrSource;
}

/** Zicsr (Unprivileged ISA, chapter "Zicsr"). */
export const csrInstructions: readonly CsrInstruction[] = [
  { name: 'csrrw', match: 0x1073, operation: 'write', source: 'register' },
  { name: 'csrrs', match: 0x2073, operation: 'set', source: 'register' },
  { name: 'csrrc', match: 0x3073, operation: 'clear', source: 'register' },
  { name: 'csrrwi', match: 0x5073, operation: 'write', source: 'immediate' },
  { name: 'csrrsi', match: 0x6073, operation: 'set', source: 'immediate' },
  { name: 'csrrci', match: 0x7073, operation: 'clear', source: 'immediate' },
];

/** Zicntr needs no rows of its own: its instructions are reads of the counters' CSRs. */
export const csrRows: readonly Row[] = csrInstructions.map(({ name, match, operation, source }) =>
  source === 'register'
    ? row(name, 'csr', match, ['rd', 'csr', 'rs1'], (o) => o.csr(operation, source))
    : row(name, 'csri', match, ['rd', 'csr', 'zimm'], (o) => o.csr(operation, source)),
);
