import { AssemblyError } from './assembly-error.js';
import { constantValue, type Expression, evaluate, parseExpression, type Scope } from './expression.js';
import type { Fragment } from './fragment.js';
import type { Token } from './scan.js';
import { type Label, Section } from './section.js';

/** Names that begin with this are the assembly's own, or local to it, and are not reported as symbols. */
const LOCAL_PREFIX = '.L';

/** The symbols of a source and its sections, while statements are added to them. */
export class Assembly {
  readonly sections = new Map<string, Section>();
  readonly labels = new Map<string, Label>();
  private readonly constants = new Map<string, Expression>();
  private readonly definitions = new Map<string, number>();
  private freshLabels = 0;
  section = this.openSection('.text');
  /** Line of the statement being read. */
  line = 0;

  /** Statements from now on go to the section of this name, which is made when it is new. */
  openSection(name: string): Section {
    const section = this.sections.get(name) ?? new Section(name);
    this.sections.set(name, section);
    this.section = section;
    return section;
  }

  append(fragment: Fragment): void {
    this.section.fragments.push(fragment);
  }

  /** A label at the current place. A number may be defined again and again, and is meant by `1b` and `1f`. */
  defineLabel(name: string): void {
    this.addLabel(/^\d+$/.test(name) ? this.nextNumberedLabel(name) : name);
  }

  private nextNumberedLabel(digits: string): string {
    const count = (this.definitions.get(digits) ?? 0) + 1;
    this.definitions.set(digits, count);
    return numberedLabel(digits, count);
  }

  private addLabel(name: string): void {
    const earlier = this.labels.get(name);
    if (earlier !== undefined)
      throw this.error(`${name} is already defined in line ${earlier.line}; rename one of them`);
    if (this.constants.has(name)) throw this.error(`${name} is already a constant; rename one of them`);
    this.labels.set(name, { section: this.section, index: this.section.fragments.length, line: this.line });
  }

  /** `.equ`: from here on the name means the expression. */
  defineConstant(name: string, value: Expression): void {
    if (this.labels.has(name)) throw this.error(`${name} is already a label; rename one of them`);
    this.constants.set(name, value);
  }

  freshLabel(): string {
    return `${LOCAL_PREFIX}fresh$${++this.freshLabels}`;
  }

  parse(tokens: readonly Token[]): Expression {
    return parseExpression(tokens, this);
  }

  /** The value of an operand that is needed before any address is known. */
  constant(tokens: readonly Token[]): bigint {
    const value = constantValue(this.parse(tokens), this.line);
    if (value === undefined) {
      throw this.error('this value must be known here, so no label may stand in it; for an address use `la`');
    }
    return value;
  }

  /** What a name stands for at this place of the source. */
  meaning(name: string): Expression {
    if (name === '.') {
      const here = this.freshLabel();
      this.addLabel(here);
      return { kind: 'symbol', name: here };
    }
    const local = /^(\d+)([bf])$/.exec(name);
    if (local === null) return this.constants.get(name) ?? { kind: 'symbol', name };
    const [, digits = '', direction] = local;
    const before = this.definitions.get(digits) ?? 0;
    if (direction === 'b' && before === 0) throw this.error(`there is no label ${digits}: before this line`);
    return { kind: 'symbol', name: numberedLabel(digits, direction === 'b' ? before : before + 1) };
  }

  /** Values of names as the layout stands now. */
  scope(line: number, relocation: Scope['relocation']): Scope {
    const resolving = new Set<string>();
    const scope: Scope = {
      line,
      relocation,
      symbol: (name) => {
        const label = this.labels.get(name);
        if (label !== undefined) return label.section.addressOf(label.index);
        const constant = this.constants.get(name);
        if (constant === undefined) throw new AssemblyError(line, `${displayName(name)} is not defined`);
        if (resolving.has(name)) throw new AssemblyError(line, `${name} is defined by itself`);
        resolving.add(name);
        const value = evaluate(constant, scope);
        resolving.delete(name);
        return value;
      },
    };
    return scope;
  }

  /** Labels and constants that the source names, once the layout has settled. */
  symbols(): Map<string, bigint> {
    const symbols = new Map<string, bigint>();
    for (const [name, { section, index }] of this.labels) {
      if (!name.startsWith(LOCAL_PREFIX)) symbols.set(name, section.addressOf(index));
    }
    const scope = this.scope(this.line, (part) => {
      throw this.error(`%${part} cannot stand in a constant; write it where the constant is used`);
    });
    for (const [name, value] of this.constants) symbols.set(name, evaluate(value, scope));
    return symbols;
  }

  error(problem: string): AssemblyError {
    return new AssemblyError(this.line, problem);
  }
}

const numberedLabel = (digits: string, count: number): string => `${LOCAL_PREFIX}${digits}$${count}`;
const displayName = (name: string): string => name.replace(/^\.L(\d+)\$\d+$/, 'a later label $1:');
