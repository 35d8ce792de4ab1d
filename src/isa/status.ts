/** Fields of mstatus, and of sstatus, which shows some of them (Privileged ISA §3.1.6 and §4.1.1). */
const fields = {
  SIE: { lo: 1, width: 1 },
  MIE: { lo: 3, width: 1 },
  SPIE: { lo: 5, width: 1 },
  MPIE: { lo: 7, width: 1 },
  SPP: { lo: 8, width: 1 },
  MPP: { lo: 11, width: 2 },
  FS: { lo: 13, width: 2 },
  MPRV: { lo: 17, width: 1 },
  SUM: { lo: 18, width: 1 },
  MXR: { lo: 19, width: 1 },
  TVM: { lo: 20, width: 1 },
  TW: { lo: 21, width: 1 },
  TSR: { lo: 22, width: 1 },
  UXL: { lo: 32, width: 2 },
  SXL: { lo: 34, width: 2 },
} as const;
export type StatusField = keyof typeof fields;

function maskOf(field: StatusField): bigint {
  const { lo, width } = fields[field];
  return ((1n << BigInt(width)) - 1n) << BigInt(lo);
}

const union = (...names: StatusField[]): bigint => names.reduce((mask, name) => mask | maskOf(name), 0n);

/** Bits of each field, in place. */
export const Status = Object.fromEntries(
  Object.keys(fields).map((name) => [name, maskOf(name as StatusField)]),
) as Readonly<Record<StatusField, bigint>>;

/** The fields that a write to mstatus can change on a hart without floating point; UXL and SXL are fixed at 64 bits. */
export const MSTATUS_WRITABLE = union(
  ...(['SIE', 'MIE', 'SPIE', 'MPIE', 'SPP', 'MPP', 'MPRV', 'SUM', 'MXR', 'TVM', 'TW', 'TSR'] as const),
);
/** The fields of mstatus that sstatus shows, and those of them that a write changes. */
export const SSTATUS_VISIBLE = union('SIE', 'SPIE', 'SPP', 'FS', 'SUM', 'MXR', 'UXL');
export const SSTATUS_WRITABLE = SSTATUS_VISIBLE & MSTATUS_WRITABLE;

/** UXL and SXL: 64 bits. */
const XLEN_64 = 2n;
export const MSTATUS_RESET = insertStatus('SXL', insertStatus('UXL', 0n, XLEN_64), XLEN_64);

/** The value of a field of `status`, shifted down to bit 0. */
export function statusField(status: bigint, field: StatusField): number {
  return Number((status & maskOf(field)) >> BigInt(fields[field].lo));
}

/** `status` with the field set to `value`, which is cut to the field's width. */
export function insertStatus(field: StatusField, status: bigint, value: bigint): bigint {
  const mask = maskOf(field);
  return (status & ~mask) | ((value << BigInt(fields[field].lo)) & mask);
}
