/** Synchronous exceptions: the values of xcause with the interrupt bit clear (Privileged ISA, table "Machine cause register values after trap"). */
export const Cause = {
  InstructionMisaligned: 0,
  InstructionAccessFault: 1,
  IllegalInstruction: 2,
  Breakpoint: 3,
  LoadMisaligned: 4,
  LoadAccessFault: 5,
  /** Also AMOs and store-conditionals, here and below. */
  StoreMisaligned: 6,
  StoreAccessFault: 7,
  UserEcall: 8,
  SupervisorEcall: 9,
  MachineEcall: 11,
  InstructionPageFault: 12,
  LoadPageFault: 13,
  StorePageFault: 15,
} as const;
export type Cause = (typeof Cause)[keyof typeof Cause];

/** Interrupts: bit numbers in mip, mie, sip and sie, and the values of xcause with the interrupt bit set. */
export const Interrupt = {
  SupervisorSoftware: 1,
  MachineSoftware: 3,
  SupervisorTimer: 5,
  MachineTimer: 7,
  SupervisorExternal: 9,
  MachineExternal: 11,
} as const;
export type Interrupt = (typeof Interrupt)[keyof typeof Interrupt];

/** Bit 63 of xcause: set when the trap was an interrupt. */
export const INTERRUPT_BIT = 1n << 63n;

const exceptionNames = namesByNumber({
  InstructionMisaligned: 'instruction address misaligned',
  InstructionAccessFault: 'instruction access fault',
  IllegalInstruction: 'illegal instruction',
  Breakpoint: 'breakpoint',
  LoadMisaligned: 'load address misaligned',
  LoadAccessFault: 'load access fault',
  StoreMisaligned: 'store/AMO address misaligned',
  StoreAccessFault: 'store/AMO access fault',
  UserEcall: 'environment call from U-mode',
  SupervisorEcall: 'environment call from S-mode',
  MachineEcall: 'environment call from M-mode',
  InstructionPageFault: 'instruction page fault',
  LoadPageFault: 'load page fault',
  StorePageFault: 'store/AMO page fault',
});

function namesByNumber(names: Record<keyof typeof Cause, string>): ReadonlyMap<number, string> {
  return new Map(Object.entries(Cause).map(([key, number]) => [number, names[key as keyof typeof Cause]]));
}

/** The manual's words for an exception, e.g. "load page fault"; a reserved number is named as such. */
export function causeName(cause: number): string {
  return exceptionNames.get(cause) ?? `reserved exception ${cause}`;
}
