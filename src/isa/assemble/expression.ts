import { registerNumber } from '../registers.js';
import { AssemblyError } from './assembly-error.js';
import { numberValue, type Token, textOf } from './scan.js';

/** Parts of an address, written `%hi(symbol)`. */
const relocations = ['hi', 'lo', 'pcrel_hi', 'pcrel_lo'] as const;
export type Relocation = (typeof relocations)[number];

export type Expression =
  | { readonly kind: 'number'; readonly value: bigint }
  | { readonly kind: 'symbol'; readonly name: string }
  | { readonly kind: 'unary'; readonly operator: string; readonly operand: Expression }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'relocation'; readonly part: Relocation; readonly operand: Expression };

/** What the names in an expression mean where it stands. */
export interface Names {
  readonly line: number;
  /** A name, a local reference such as `1b`, or `.`. */
  meaning(name: string): Expression;
}

/** How a value is found once every address is known. */
export interface Scope {
  readonly line: number;
  symbol(name: string): bigint;
  relocation(part: Relocation, operand: Expression): bigint;
}

/** The GNU assembler's precedence, which is not C's: `*` and shifts, then bits, then `+` and `-`. */
const precedence: Readonly<Record<string, number>> = {
  ...{ '*': 3, '/': 3, '%': 3, '<<': 3, '>>': 3 },
  ...{ '|': 2, '&': 2, '^': 2 },
  ...{ '+': 1, '-': 1 },
};

/** Reads all of `tokens` as one expression. Throws an AssemblyError. */
export function parseExpression(tokens: readonly Token[], names: Names): Expression {
  if (tokens.length === 0) throw new AssemblyError(names.line, 'a value is missing here');
  const parser = new Parser(tokens, names);
  const expression = parser.binary(1);
  parser.expectEnd();
  return expression;
}

class Parser {
  private at = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly names: Names,
  ) {}

  binary(least: number): Expression {
    let left = this.unary();
    for (;;) {
      const operator = this.peekMark();
      const level = operator === undefined ? undefined : precedence[operator];
      if (operator === undefined || level === undefined || level < least) return left;
      this.at++;
      left = { kind: 'binary', operator, left, right: this.binary(level + 1) };
    }
  }

  expectEnd(): void {
    const token = this.tokens[this.at];
    if (token !== undefined) throw this.error(`\`${token.text}\` is not expected in \`${textOf(this.tokens)}\``);
  }

  private unary(): Expression {
    const token = this.tokens[this.at++];
    if (token === undefined) throw this.error(`a value is missing at the end of \`${textOf(this.tokens)}\``);
    if (token.kind === 'number') return { kind: 'number', value: numberValue(token, this.names.line) };
    if (token.kind === 'local') return this.names.meaning(token.text);
    if (token.kind === 'name') return this.name(token.text);
    if (token.kind === 'string') throw this.error('a string cannot be a value; use .ascii or .asciz');
    switch (token.text) {
      case '(':
        return this.closing();
      case '%':
        return this.relocation();
      case '-':
      case '~':
      case '+':
        return { kind: 'unary', operator: token.text, operand: this.unary() };
      default:
        throw this.error(`a value is expected before \`${token.text}\``);
    }
  }

  private name(name: string): Expression {
    if (registerNumber(name) !== undefined) throw this.error(`${name} is a register; a number or symbol is expected`);
    return this.names.meaning(name);
  }

  private closing(): Expression {
    const inner = this.binary(1);
    if (this.peekMark() !== ')') throw this.error(`\`${textOf(this.tokens)}\` lacks a closing parenthesis`);
    this.at++;
    return inner;
  }

  private relocation(): Expression {
    const name = this.tokens[this.at++]?.text ?? '';
    const part = relocations.find((known) => known === name);
    if (part === undefined) {
      throw this.error(`%${name} is not known; use ${relocations.map((known) => `%${known}`).join(', ')}`);
    }
    if (this.peekMark() !== '(') throw this.error(`%${name} needs a symbol in parentheses`);
    this.at++;
    return { kind: 'relocation', part, operand: this.closing() };
  }

  private peekMark(): string | undefined {
    const token = this.tokens[this.at];
    return token?.kind === 'mark' ? token.text : undefined;
  }

  private error(problem: string): AssemblyError {
    return new AssemblyError(this.names.line, problem);
  }
}

/** The exact value; whoever uses it cuts it to size. */
export function evaluate(expression: Expression, scope: Scope): bigint {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'symbol':
      return scope.symbol(expression.name);
    case 'relocation':
      return scope.relocation(expression.part, expression.operand);
    case 'unary': {
      const value = evaluate(expression.operand, scope);
      if (expression.operator === '-') return -value;
      return expression.operator === '~' ? ~value : value;
    }
    case 'binary':
      return combine(
        expression.operator,
        evaluate(expression.left, scope),
        evaluate(expression.right, scope),
        scope.line,
      );
  }
}

function combine(operator: string, left: bigint, right: bigint, line: number): bigint {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
    case '%':
      if (right === 0n) throw new AssemblyError(line, 'division by zero');
      return operator === '/' ? left / right : left % right;
    case '<<':
    case '>>':
      if (right < 0n || right > 63n) throw new AssemblyError(line, `a shift by ${right} is outside 0 to 63`);
      return operator === '<<' ? left << right : BigInt.asUintN(64, left) >> right;
    case '&':
      return left & right;
    case '|':
      return left | right;
    case '^':
      return left ^ right;
    default:
      throw new AssemblyError(line, `the operator ${operator} is not known`);
  }
}

export const number = (value: bigint | number): Expression => ({ kind: 'number', value: BigInt(value) });

/** The value when it depends on no address; undefined otherwise. */
export function constantValue(expression: Expression, line: number): bigint | undefined {
  return isConstant(expression)
    ? evaluate(expression, {
        line,
        symbol: (name) => {
          throw new AssemblyError(line, `${name} is not a constant`);
        },
        relocation: (part) => {
          throw new AssemblyError(line, `%${part} is not a constant`);
        },
      })
    : undefined;
}

function isConstant(expression: Expression): boolean {
  switch (expression.kind) {
    case 'number':
      return true;
    case 'unary':
      return isConstant(expression.operand);
    case 'binary':
      return isConstant(expression.left) && isConstant(expression.right);
    case 'symbol':
    case 'relocation':
      return false;
  }
}
