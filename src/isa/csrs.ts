/** CSRs: one row each (Privileged ISA, chapter "CSR Listing"). The engine and the CSR file derive from these rows. */
const rows = {
  // Unprivileged counters: read-only shadows.
  cycle: { number: 0xc00 },
  time: { number: 0xc01 },
  instret: { number: 0xc02 },
  // Supervisor.
  sstatus: { number: 0x100 },
  sie: { number: 0x104 },
  stvec: { number: 0x105 },
  scounteren: { number: 0x106 },
  sscratch: { number: 0x140 },
  sepc: { number: 0x141 },
  scause: { number: 0x142 },
  stval: { number: 0x143 },
  sip: { number: 0x144 },
  satp: { number: 0x180 },
  // Machine.
  mvendorid: { number: 0xf11 },
  marchid: { number: 0xf12 },
  mimpid: { number: 0xf13 },
  mhartid: { number: 0xf14 },
  mstatus: { number: 0x300 },
  misa: { number: 0x301 },
  medeleg: { number: 0x302 },
  mideleg: { number: 0x303 },
  mie: { number: 0x304 },
  mtvec: { number: 0x305 },
  mcounteren: { number: 0x306 },
  mscratch: { number: 0x340 },
  mepc: { number: 0x341 },
  mcause: { number: 0x342 },
  mtval: { number: 0x343 },
  mip: { number: 0x344 },
} as const;

export type Csr = keyof typeof rows;

export interface CsrRow {
  /** Twelve-bit CSR address; bits 11:10 = 3 mean read-only, bits 9:8 the lowest privilege that may access it. */
  readonly number: number;
  /** Index of its 64-bit word in the hart block. */
  readonly slot: number;
}

export const csrs = Object.fromEntries(
  Object.entries(rows).map(([name, row], slot) => [name, { ...row, slot }]),
) as Readonly<Record<Csr, CsrRow>>;

const namesByNumber: ReadonlyMap<number, Csr> = new Map(
  Object.entries(csrs).map(([name, { number }]) => [number, name as Csr]),
);

/** The CSR at this address, if the machine has it. */
export function csrName(number: number): Csr | undefined {
  return namesByNumber.get(number);
}

/** Address of the CSR of this name, if the machine has it. */
export function csrNumber(name: string): number | undefined {
  return Object.hasOwn(csrs, name) ? csrs[name as Csr].number : undefined;
}

/** Lowest privilege mode that may access the CSR at this address (Privileged ISA §2.1). */
export function csrPrivilege(number: number): number {
  return (number >>> 8) & 3;
}

/** Writing a read-only CSR is an illegal instruction (Privileged ISA §2.1). */
export function csrIsReadOnly(number: number): boolean {
  return number >>> 10 === 3;
}

/** misa: 64 bits; A, C, I, M, supervisor and user modes (Privileged ISA §3.1.1). */
export const MISA =
  (2n << 62n) | [...'ACIMSU'].reduce((bits, letter) => bits | (1n << BigInt(letter.charCodeAt(0) - 65)), 0n);
