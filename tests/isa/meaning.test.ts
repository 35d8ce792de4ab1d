import { describe, expect, it } from 'vitest';
import { rows } from '../../src/isa/rows.js';
import type { Operations } from '../../src/isa/vocabulary.js';

/** A value as an engine may see it: code not yet run, which reads source registers when it is. */
interface Value {
  used: boolean;
  readonly named: boolean;
  readonly readsSource: boolean;
}

/** Carries out a meaning without computing, and notes each breach of the vocabulary's rules. */
class Rules {
  readonly breaches: string[] = [];
  private wroteRd = false;
  private ended = false;

  readonly operations: Operations<Value, Value> = new Proxy({} as Operations<Value, Value>, {
    get: (_, operation: string) => this.operation(operation),
  });

  private operation(operation: string): unknown {
    if (['rs1', 'rs2', 'imm', 'pc', 'nextPc'].includes(operation)) return this.value(operation.startsWith('rs'));
    return (...operands: unknown[]) => this.carryOut(operation, operands);
  }

  private carryOut(operation: string, operands: unknown[]): Value {
    if (this.ended) this.breaches.push(`${operation} after the end`);
    const values = operands.filter((operand): operand is Value => typeof operand === 'object');
    for (const value of values) {
      if (value.used && !value.named) this.breaches.push(`${operation} uses an unnamed value again`);
      if (value.readsSource && this.wroteRd) this.breaches.push(`${operation} reads a source after rd was written`);
      value.used = true;
    }
    if (operation === 'setRd') {
      if (this.wroteRd) this.breaches.push('rd is written twice');
      this.wroteRd = true;
    }
    this.ended ||= operation === 'branch' || operation === 'jump';
    const named = operation === 'let';
    return this.value(!named && values.some((value) => value.readsSource), named);
  }

  private value(readsSource: boolean, named = false): Value {
    return { used: false, named, readsSource };
  }
}

describe('meanings', () => {
  for (const { name, meaning } of rows) {
    if (meaning === undefined) continue;
    it(`${name}: uses values once, reads its sources before it writes rd, ends with its jump`, () => {
      const rules = new Rules();
      meaning(rules.operations);
      expect(rules.breaches).toEqual([]);
    });
  }
});
