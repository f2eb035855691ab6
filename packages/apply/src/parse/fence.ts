/** An opening or closing line of a fenced code block. */
export interface Fence {
  readonly mark: '`' | '~';
  readonly length: number;
  readonly indent: string;
  readonly info: string;
}

export function readFence(line: string): Fence | undefined {
  const match = /^(\s*(?:>\s?)?)(`{3,}|~{3,})\s*([^`]*)$/.exec(line);
  if (!match) return undefined;
  return { indent: match[1]!, mark: match[2]![0] as '`' | '~', length: match[2]!.length, info: match[3]!.trim() };
}

/** Whether `line` closes `open`: same mark, at least as long, nothing behind it. */
export function closesFence(open: Fence, line: string): boolean {
  const fence = readFence(line);
  if (fence === undefined || fence.info !== '' || fence.mark !== open.mark || fence.length < open.length) return false;
  // Deeper than the opening line by four is text inside the block: an example in a comment.
  return fence.indent.length <= open.indent.length + 3;
}

/** Takes a fence off that surrounds all of `lines` (also a doubled one); the same array where there is none. */
export function withoutFence(lines: readonly string[]): readonly string[] {
  let start = 0;
  let end = lines.length;
  while (start < end && lines[start]!.trim() === '') start++;
  while (end > start && lines[end - 1]!.trim() === '') end--;
  const open = start < end ? readFence(lines[start]!) : undefined;
  if (!open || end - start < 2 || !closesFence(open, lines[end - 1]!)) return lines;
  return withoutFence(lines.slice(start + 1, end - 1));
}
