/**
 * Seeded random numbers: Mulberry32 over a mixed seed. The same `(seed, stream)` gives the same numbers on every
 * machine, so schedule number n of a seed is the same wherever it runs.
 */
export class RandomNumbers {
  private state: number;

  constructor(seed: number, stream: number) {
    this.state = mix(mix(seed >>> 0) ^ Math.imul(stream + 1, 0x9e37_79b9));
  }

  /** A whole number, 0 to 2^32 - 1. */
  word(): number {
    this.state = (this.state + 0x6d2b_79f5) >>> 0;
    return mix(this.state);
  }

  /** A whole number, 0 to `limit` - 1. */
  below(limit: number): number {
    return Math.floor((this.word() / 0x1_0000_0000) * limit);
  }

  /** Trials up to and with the first success, where each succeeds with `probability`. At least 1. */
  geometric(probability: number): number {
    const u = (this.word() + 1) / 0x1_0000_0001;
    return 1 + Math.floor(Math.log(u) / Math.log1p(-probability));
  }

  shuffled<T>(items: readonly T[]): T[] {
    const out = [...items];
    for (let i = out.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [out[i], out[j]] = [out[j]!, out[i]!];
    }
    return out;
  }
}

function mix(value: number): number {
  let x = value;
  x = Math.imul(x ^ (x >>> 16), 0x21f0_aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a_2d97);
  return (x ^ (x >>> 15)) >>> 0;
}
