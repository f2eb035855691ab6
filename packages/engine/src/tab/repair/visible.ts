/** Lines looked back over for a declaration. */
const MAX_LINES = 400;

/**
 * True where a variable `name` is likely in scope at `offset`: it stands, not as a member, in a line above that encloses the offset by indentation or
 * comes before it in the same block. Holds for every language whose code is indented as it is nested.
 * @param code without strings and comments
 * @param callee lines that only hold another call of this function tell nothing
 */
export function isVisibleAt(code: string, offset: number, name: string, callee: string): boolean {
  const word = new RegExp(`(?<![\\w$.]|->|::)\\$?${name.replaceAll('$', '\\$')}(?![\\w$])(?!\\s*\\()`);
  const lines = code.slice(0, code.lastIndexOf('\n', offset - 1) + 1).split('\n');
  lines.pop();
  const lineEnd = code.indexOf('\n', offset);
  const own = code.slice(code.lastIndexOf('\n', offset - 1) + 1, lineEnd < 0 ? undefined : lineEnd);
  // The head of an arrow function or comprehension on the call's own line.
  if (
    new RegExp(
      `(?<![\\w$.])${name.replaceAll('$', '\\$')}(?![\\w$])[^=\\n]*(?:=>|\\bin\\b)|\\|[^|]*\\b${name.replaceAll('$', '\\$')}\\b[^|]*\\|`,
    ).test(own)
  )
    return true;
  let limit = indentOf(own);
  let inHead = false;
  for (let index = lines.length - 1; index >= Math.max(0, lines.length - MAX_LINES); index--) {
    const line = lines[index]!;
    if (line.trim() === '') continue;
    const indent = indentOf(line);
    if (indent > limit && !inHead) continue;
    const declares = !line.includes(`${callee}(`) && word.test(line) && !isOtherHead(line, indent, limit, inHead);
    if (declares) return true;
    if (inHead ? indent <= limit : /^\s*[)\]}]/.test(line) && /[({[:]\s*$|\{\s*$/.test(line)) inHead = !inHead;
    limit = Math.min(limit, indent);
    if (limit === 0 && indent === 0 && !inHead && /^[\w@]/.test(line)) {
      // The outermost head: behind it only what the whole file sees.
      return lines.slice(0, index).some((top) => indentOf(top) === 0 && isTopDeclaration(top, name));
    }
  }
  return false;
}

/** A function beside, whose parameters are not ours: its head has the indentation of the block, not less. */
function isOtherHead(line: string, indent: number, limit: number, inHead: boolean): boolean {
  if (inHead || indent < limit) return false;
  return (
    /\b(?:function|def|func|fn)\b|^\s*(?:[\w<>*&[\]]+\s+)*[\w$]+\s*\([^()]*\)\s*(?::[^{]*)?\{?\s*$/.test(line) &&
    /[{:]\s*$/.test(line)
  );
}

function isTopDeclaration(line: string, name: string): boolean {
  return new RegExp(
    `^(?:export\\s+)?(?:const|let|var|static)\\s+(?:[\\w<>]+\\s+)*${name.replaceAll('$', '\\$')}\\b|^${name.replaceAll('$', '\\$')}\\s*[:=]`,
  ).test(line);
}

function indentOf(line: string): number {
  let width = 0;
  for (const char of line)
    if (char === ' ') width++;
    else if (char === '\t') width += 4;
    else break;
  return width;
}
