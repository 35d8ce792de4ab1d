/** A TypeScript source whose comments and string contents cannot be mistaken for code. Offsets are those of the file. */
export interface SourceText {
  /** Path from the package root, with `/`. */
  readonly path: string;
  /** Comments, and what stands between quotes, replaced by blanks; the quotes stay. */
  readonly code: string;
  /** As it is in the file. */
  readonly text: string;
}

/** Before a regular expression stands an operator, an opening bracket or a keyword; before a division a value. */
const BEFORE_REGEX = /(?:^|[=(,:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|of|in))\s*$/;
const REGEX_LITERAL = /^\/(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/;

export function sourceText(path: string, text: string): SourceText {
  let code = '';
  // One entry per template literal that is open: how many braces are open in its `${}`.
  const templates: number[] = [];
  const blank = (length: number) => {
    code += text.slice(code.length, code.length + length).replace(/[^\n]/g, ' ');
  };
  const keep = (length: number) => {
    code += text.slice(code.length, code.length + length);
  };
  const templateText = () => {
    while (code.length < text.length) {
      if (text.startsWith('${', code.length)) {
        templates.push(0);
        return keep(2);
      }
      if (text[code.length] === '`') return keep(1);
      blank(text[code.length] === '\\' ? 2 : 1);
    }
  };
  while (code.length < text.length) {
    const rest = text.slice(code.length, code.length + 2);
    const first = rest[0]!;
    const depth = templates.at(-1);
    if (rest === '//') blank(lineEnd(text, code.length) - code.length);
    else if (rest === '/*') blank(commentEnd(text, code.length) - code.length);
    else if (first === "'" || first === '"') {
      keep(1);
      while (code.length < text.length && text[code.length] !== first && text[code.length] !== '\n')
        blank(text[code.length] === '\\' ? 2 : 1);
      keep(1);
    } else if (first === '`') {
      keep(1);
      templateText();
    } else if (depth !== undefined && (first === '{' || first === '}')) {
      keep(1);
      if (first === '}' && depth === 0) {
        templates.pop();
        templateText();
      } else templates[templates.length - 1] = depth + (first === '{' ? 1 : -1);
    } else if (first === '/' && BEFORE_REGEX.test(code.slice(-80))) {
      const literal = REGEX_LITERAL.exec(text.slice(code.length, lineEnd(text, code.length)));
      if (literal === null) keep(1);
      else blank(literal[0].length);
    } else keep(1);
  }
  return { path, code, text };
}

/** 1-based. */
export function lineOf(source: SourceText, offset: number): number {
  return source.text.slice(0, offset).split('\n').length;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

function commentEnd(text: string, from: number): number {
  const end = text.indexOf('*/', from + 2);
  return end < 0 ? text.length : end + 2;
}
