import { rowsOf } from '../define-row.js';
import type { Row, Syntax } from '../row.js';

const row = rowsOf('M');
const registers: Syntax[] = ['rd', 'rs1', 'rs2'];

/** Multiplication and division (Unprivileged ISA, chapter "M"). The results for a zero divisor and for overflow are the vocabulary's. */
export const multiplyRows: readonly Row[] = [
  row('mul', 'R', 0x02000033, registers, (o) => o.setRd(o.mul(o.rs1, o.rs2))),
  row('mulh', 'R', 0x02001033, registers, (o) => o.setRd(o.mulHighSigned(o.rs1, o.rs2))),
  row('mulhsu', 'R', 0x02002033, registers, (o) => o.setRd(o.mulHighSignedUnsigned(o.rs1, o.rs2))),
  row('mulhu', 'R', 0x02003033, registers, (o) => o.setRd(o.mulHighUnsigned(o.rs1, o.rs2))),
  row('div', 'R', 0x02004033, registers, (o) => o.setRd(o.divSigned(o.rs1, o.rs2))),
  row('divu', 'R', 0x02005033, registers, (o) => o.setRd(o.divUnsigned(o.rs1, o.rs2))),
  row('rem', 'R', 0x02006033, registers, (o) => o.setRd(o.remSigned(o.rs1, o.rs2))),
  row('remu', 'R', 0x02007033, registers, (o) => o.setRd(o.remUnsigned(o.rs1, o.rs2))),

  // On 32 bits. A 64-bit division of extended operands gives the 32-bit results for zero and overflow as well.
  row('mulw', 'R', 0x0200003b, registers, (o) => o.setRd(o.signExtend32(o.mul(o.rs1, o.rs2)))),
  row('divw', 'R', 0x0200403b, registers, (o) =>
    o.setRd(o.signExtend32(o.divSigned(o.signExtend32(o.rs1), o.signExtend32(o.rs2)))),
  ),
  row('divuw', 'R', 0x0200503b, registers, (o) =>
    o.setRd(o.signExtend32(o.divUnsigned(o.zeroExtend32(o.rs1), o.zeroExtend32(o.rs2)))),
  ),
  row('remw', 'R', 0x0200603b, registers, (o) =>
    o.setRd(o.signExtend32(o.remSigned(o.signExtend32(o.rs1), o.signExtend32(o.rs2)))),
  ),
  row('remuw', 'R', 0x0200703b, registers, (o) =>
    o.setRd(o.signExtend32(o.remUnsigned(o.zeroExtend32(o.rs1), o.zeroExtend32(o.rs2)))),
  ),
];
