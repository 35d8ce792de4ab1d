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
  senvcfg: { number: 0x10a },
  sscratch: { number: 0x140 },
  sepc: { number: 0x141 },
  scause: { number: 0x142 },
  stval: { number: 0x143 },
  sip: { number: 0x144 },
  stimecmp: { number: 0x14d },
  satp: { number: 0x180 },
  // Machine.
  mvendorid: { number: 0xf11 },
  marchid: { number: 0xf12 },
  mimpid: { number: 0xf13 },
  mhartid: { number: 0xf14 },
  mconfigptr: { number: 0xf15 },
  mstatus: { number: 0x300 },
  misa: { number: 0x301 },
  medeleg: { number: 0x302 },
  mideleg: { number: 0x303 },
  mie: { number: 0x304 },
  mtvec: { number: 0x305 },
  mcounteren: { number: 0x306 },
  menvcfg: { number: 0x30a },
  mscratch: { number: 0x340 },
  mepc: { number: 0x341 },
  mcause: { number: 0x342 },
  mtval: { number: 0x343 },
  mip: { number: 0x344 },
  mcycle: { number: 0xb00 },
  minstret: { number: 0xb02 },
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

/** `count` registers side by side: `name0`, `name1` and so on from address `number` on. */
const family = (name: string, number: number, first: number, count: number, step = 1): [string, number][] =>
  Array.from({ length: Math.ceil(count / step) }, (_, i) => [`${name}${first + i * step}`, number + i * step]);

/**
 * Registers that are there and always zero, whatever is written: a hart without PMP entries, without triggers, and
 * without counters beyond those for cycles, time and instructions (Privileged ISA, "Machine-Mode Control and Status
 * Register (CSR) Summary"). Of the pmpcfg registers RV64 has the even ones only.
 */
const zeros: ReadonlyMap<string, number> = new Map([
  ['mcountinhibit', 0x320],
  ['tselect', 0x7a0],
  ['tdata1', 0x7a1],
  ['tdata2', 0x7a2],
  ['tdata3', 0x7a3],
  ...family('pmpcfg', 0x3a0, 0, 16, 2),
  ...family('pmpaddr', 0x3b0, 0, 64),
  ...family('mhpmevent', 0x323, 3, 29),
  ...family('mhpmcounter', 0xb03, 3, 29),
  ...family('hpmcounter', 0xc03, 3, 29),
]);

const namesByNumber: ReadonlyMap<number, Csr> = new Map(
  Object.entries(csrs).map(([name, { number }]) => [number, name as Csr]),
);
const zerosByNumber: ReadonlyMap<number, string> = new Map([...zeros].map(([name, number]) => [number, name]));

/** The CSR at this address, if the machine has one there that holds something. */
export function csrAt(number: number): Csr | undefined {
  return namesByNumber.get(number);
}

/** Whether the register at this address is there and always zero. */
export function csrIsZero(number: number): boolean {
  return zerosByNumber.has(number);
}

/** The name of the CSR at this address, if the machine has it. */
export function csrName(number: number): string | undefined {
  return namesByNumber.get(number) ?? zerosByNumber.get(number);
}

/** Address of the CSR of this name, if the machine has it. */
export function csrNumber(name: string): number | undefined {
  return Object.hasOwn(csrs, name) ? csrs[name as Csr].number : zeros.get(name);
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

/** menvcfg: supervisors have the timer of the Sstc extension. */
export const STCE = 1n << 63n;
