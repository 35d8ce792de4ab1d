/** What comes from GDB ("Debugging with GDB", appendix "GDB Remote Serial Protocol", section "Overview"). */
export type Incoming =
  | { readonly kind: 'packet'; readonly text: string }
  /** A packet that was damaged on the way. */
  | { readonly kind: 'garbled' }
  /** The other side wants the last packet again. */
  | { readonly kind: 'again' }
  /** Ctrl-C. */
  | { readonly kind: 'interrupt' };

const DOLLAR = 0x24;
const HASH = 0x23;
const MINUS = 0x2d;
const ESCAPE = 0x7d;
const ESCAPE_BIT = 0x20;
const INTERRUPT = 0x03;
const CHECKSUM_DIGITS = 2;

/** Longest packet that is taken, in bytes between `$` and `#`; GDB is told so. */
export const LONGEST_PACKET = 0x4000;

/** Bytes, as they come, into packets. */
export class PacketStream {
  private waiting: number[] = [];
  /** The packet that is coming, after its `$`; undefined between packets. */
  private open = false;

  /** What the bytes complete. */
  feed(bytes: Uint8Array): Incoming[] {
    const found: Incoming[] = [];
    for (const byte of bytes) {
      const one = this.open ? this.inside(byte) : this.between(byte);
      if (one !== undefined) found.push(one);
    }
    return found;
  }

  private between(byte: number): Incoming | undefined {
    if (byte === DOLLAR) {
      this.open = true;
      this.waiting = [];
      return undefined;
    }
    if (byte === INTERRUPT) return { kind: 'interrupt' };
    // `+` says that a packet came well; anything else is noise.
    return byte === MINUS ? { kind: 'again' } : undefined;
  }

  private inside(byte: number): Incoming | undefined {
    const { waiting } = this;
    waiting.push(byte);
    const hash = waiting.length - 1 - CHECKSUM_DIGITS;
    if (hash >= 0 && waiting[hash] === HASH) {
      this.open = false;
      return completed(waiting.slice(0, hash), waiting.slice(hash + 1));
    }
    // A packet begins anew where the end of the last one got lost.
    if (byte === DOLLAR && !waiting.slice(-CHECKSUM_DIGITS - 1).includes(HASH)) {
      this.waiting = [];
      return { kind: 'garbled' };
    }
    if (waiting.length <= LONGEST_PACKET + CHECKSUM_DIGITS + 1) return undefined;
    this.open = false;
    return { kind: 'garbled' };
  }
}

function completed(body: readonly number[], digits: readonly number[]): Incoming {
  const checksum = String.fromCharCode(...digits);
  if (!/^[0-9a-f]{2}$/i.test(checksum) || Number.parseInt(checksum, 16) !== sum(body)) return { kind: 'garbled' };
  const plain: number[] = [];
  for (let i = 0; i < body.length; i++)
    plain.push(body[i] === ESCAPE && i + 1 < body.length ? body[++i]! ^ ESCAPE_BIT : body[i]!);
  return { kind: 'packet', text: Buffer.from(plain).toString('latin1') };
}

function sum(bytes: readonly number[]): number {
  return bytes.reduce((total, byte) => (total + byte) & 0xff, 0);
}

/** `$text#sum`; what would be taken for the protocol's own characters is escaped. */
export function packet(text: string): string {
  const escaped = text.replaceAll(/[#$}*]/g, (c) => `}${String.fromCharCode(c.charCodeAt(0) ^ ESCAPE_BIT)}`);
  const checksum = sum([...Buffer.from(escaped, 'latin1')]);
  return `$${escaped}#${checksum.toString(16).padStart(CHECKSUM_DIGITS, '0')}`;
}
