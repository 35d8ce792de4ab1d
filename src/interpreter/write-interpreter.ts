import { mkdirSync, writeFileSync } from 'node:fs';
import { INTERPRETER } from './interpreter-file.js';
import { interpreterBytes } from './interpreter-module.js';

// A step of `npm run build`.
mkdirSync(new URL('.', INTERPRETER), { recursive: true });
writeFileSync(INTERPRETER, interpreterBytes());
