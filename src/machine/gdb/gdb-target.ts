/** Numbers of registers in GDB's protocol for RISC-V: x0 to x31 are 0 to 31. */
export const GdbRegister = { pc: 32, firstCsr: 65, privilege: 4161 } as const;

/** Why a machine that ran stands still. */
export type Halt =
  | { readonly kind: 'breakpoint' | 'interrupted'; readonly hart: number }
  /** It has ended, and there is nothing left to look at. */
  | { readonly kind: 'ended'; readonly status: number };

/**
 * A machine as a debugger sees it: one thread a hart. Everything but `interrupt`, `kill` and `release` is for a machine that stands
 * still.
 */
export interface GdbTarget {
  readonly harts: number;
  /** 64 bits, unsigned; undefined: there is no such register. */
  readRegister(hart: number, register: number): bigint | undefined;
  /** false: there is no such register, or it cannot be written. */
  writeRegister(hart: number, register: number, value: bigint): boolean;
  /** Through the hart's own translation; as much as can be read in one piece, empty when nothing can. */
  readMemory(hart: number, address: bigint, size: number): Uint8Array;
  /** false: not all of it can be written, and nothing has been. */
  writeMemory(hart: number, address: bigint, bytes: Uint8Array): boolean;
  /** Stops every hart that comes to the address; false: there is no memory at it. */
  setBreakpoint(hart: number, address: bigint): boolean;
  clearBreakpoint(hart: number, address: bigint): boolean;
  /** One instruction of one hart, while the others stand still. */
  step(hart: number): void;
  /** Lets these harts run, one or more; settles when all stand still again. */
  resume(harts: readonly number[]): Promise<Halt>;
  /** Asks a running machine to stand still, upon which `resume` settles. */
  interrupt(): void;
  /** Ends the machine. */
  kill(): void;
  /** Takes all breakpoints away, and lets the machine run on without a debugger. */
  release(): void;
  /** In a word or two, what the hart is doing: `supervisor mode`. */
  describe(hart: number): string;
}
