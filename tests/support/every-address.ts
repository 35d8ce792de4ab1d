/** A set that has every address: whatever a subject could be asked about was written. */
export class EveryAddress extends Set<number> {
  override has(): boolean {
    return true;
  }
}
