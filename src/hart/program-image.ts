/** A program as a supervisor loads it: what an executable file says, read and checked. */
export interface ProgramImage {
  /** Virtual address of the first instruction. */
  readonly entry: number;
  /** By address; no two touch the same page. */
  readonly segments: readonly ProgramSegment[];
}

export interface ProgramSegment {
  /** Virtual address of the first byte, page aligned. */
  readonly vaddr: number;
  /** The first bytes of the segment, at most `memSize` of them; the rest is zero. */
  readonly fileBytes: Uint8Array;
  /** Bytes in memory. */
  readonly memSize: number;
  readonly writable: boolean;
  readonly executable: boolean;
}
