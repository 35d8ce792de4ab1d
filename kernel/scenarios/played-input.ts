import type { ConsoleInput } from '../context.js';

/** What somebody types on one hart of a duel: that hart takes it in with its next interrupt, and never comes to its end. */
export class PlayedInput implements ConsoleInput {
  readonly echo = false;
  private bytes: readonly number[] = [];

  type(text: string): void {
    this.bytes = [...this.bytes, ...new TextEncoder().encode(text)];
  }

  pending(): boolean {
    return this.bytes.length > 0;
  }

  take(most: number): Uint8Array {
    const taken = Uint8Array.from(this.bytes.slice(0, most));
    this.bytes = this.bytes.slice(most);
    return taken;
  }

  takeEnd(): boolean {
    return false;
  }

  want(): void {}
}
