/** Wrong assembly source. The message begins with the line and says what to change. */
export class AssemblyError extends Error {
  override readonly name = 'AssemblyError';

  constructor(
    /** Line of the source, from 1. */
    readonly line: number,
    readonly problem: string,
  ) {
    super(`line ${line}: ${problem}`);
  }
}
