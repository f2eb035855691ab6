/**
 * Finds the top-level JSON objects and arrays in lines of text, prose and fences around them skipped. `onValue` gets each
 * value and the line it started on, undefined for text that starts like a value and cannot be read. Linear: each character
 * is looked at once to find the end, once to parse.
 */
export function readValues(onValue: (value: unknown, startLine: number) => void): {
  line(text: string, at: number): void;
  end(): void;
} {
  let parts: string[] = [];
  let depth = 0;
  let inString = false;
  let escaped = false;
  let start = 0;

  const finish = () => {
    const source = parts.join('\n');
    parts = [];
    depth = 0;
    inString = false;
    onValue(parseLenient(source), start);
  };

  return {
    line(text, at) {
      let from = 0;
      if (depth === 0) {
        const open = /^\s*(?:data:\s*)?([[{])/.exec(text);
        // In prose a bracket starts a value only at the start of a line.
        if (!open) return;
        from = open[0].length - 1;
        start = at;
      }
      let begin = from;
      for (let i = from; i < text.length; i++) {
        const c = text[i]!;
        if (inString) {
          if (escaped) escaped = false;
          else if (c === '\\') escaped = true;
          else if (c === '"') inString = false;
        } else if (c === '"') inString = true;
        else if (c === '{' || c === '[') depth++;
        else if ((c === '}' || c === ']') && depth > 0 && --depth === 0) {
          parts.push(text.slice(begin, i + 1));
          finish();
          const next = text.slice(i + 1).search(/[[{]/);
          if (next < 0) return;
          i += next;
          begin = i + 1;
          depth = 1;
          start = at;
          begin = i;
        }
      }
      escaped = false;
      if (depth > 0) parts.push(text.slice(begin));
    },
    end() {
      if (depth > 0 || parts.length > 0) finish();
    },
  };
}

/** Strict first; then with what models get wrong: raw line breaks and tabs inside strings, commas before a bracket, `\'`. */
function parseLenient(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    try {
      return JSON.parse(mend(source));
    } catch {
      return undefined;
    }
  }
}

function mend(source: string): string {
  const out: string[] = [];
  let inString = false;
  for (let i = 0; i < source.length; i++) {
    const c = source[i]!;
    if (!inString) {
      if (c === '"') inString = true;
      if (c === ',' && /^\s*[\]}]/.test(source.slice(i + 1, i + 200))) continue;
      out.push(c);
    } else if (c === '\\') {
      const next = source[i + 1] ?? '';
      if (/["\\/bfnrtu]/.test(next)) out.push(c, next);
      else if (next === "'") out.push(next);
      else out.push('\\\\', next);
      i++;
    } else if (c === '\n') out.push('\\n');
    else if (c === '\t') out.push('\\t');
    else if (c === '\r') out.push('\\r');
    else {
      if (c === '"') inString = false;
      out.push(c);
    }
  }
  return out.join('');
}
