/** Bytes as the file system takes names and paths: one letter for each. */
export function letters(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
