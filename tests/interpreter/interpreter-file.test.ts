import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { compileInterpreter } from '../../src/interpreter/compile-interpreter.js';
import { INTERPRETER } from '../../src/interpreter/interpreter-file.js';
import { interpreterBytes } from '../../src/interpreter/interpreter-module.js';

it('the interpreter that a build leaves is the one that the rows make', () => {
  expect(Buffer.compare(readFileSync(INTERPRETER), interpreterBytes())).toBe(0);
});

it('the interpreter is compiled once in a process, whose machines share what V8 makes of it', () => {
  expect(compileInterpreter()).toBe(compileInterpreter());
});
