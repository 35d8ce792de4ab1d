/** Who looks at what a guest's kernel does on a hart that runs freely. On the hart's own thread, between two instructions. */
export interface GuestObserver {
  /** The hart has come by a jump to the instruction at its pc: one of those that it was probed for, or any other. */
  arrived(): void;
  /** An instruction was carried out that the engine leaves to the hart: of a CSR, for one. */
  hasSystem(): void;
}
