import type { QuickIo } from './io.ts';

/** Colours of a terminal; without one, and with NO_COLOR, the text as it is. */
export interface Paint {
  readonly terminal: boolean;
  path(text: string): string;
  match(text: string): string;
  bold(text: string): string;
  dim(text: string): string;
}

export function paintFor(io: Pick<QuickIo, 'stdout' | 'env'>): Paint {
  const terminal = io.stdout.isTTY === true;
  const colours = terminal && !io.env.NO_COLOR && io.env.TERM !== 'dumb';
  const code = (open: number, close: number) => (text: string) =>
    colours && text !== '' ? `\x1b[${open}m${text}\x1b[${close}m` : text;
  const red = code(31, 39);
  const bold = code(1, 22);
  return { terminal, path: code(35, 39), match: (text) => bold(red(text)), bold, dim: code(2, 22) };
}

/** `ranges` of `text` (UTF-16 code units, in order, not overlapping) as matches, line by line; what moves a terminal's cursor is made visible. */
export function highlighted(
  text: string,
  ranges: readonly (readonly [start: number, end: number])[],
  paint: Paint,
): string {
  let out = '';
  let at = 0;
  for (const [start, end] of ranges) {
    if (start < at) continue;
    out += harmless(text.slice(at, start));
    out += harmless(text.slice(start, end)).split('\n').map(paint.match).join('\n');
    at = end;
  }
  return out + harmless(text.slice(at));
}

/** Control characters of a file must not control the terminal. */
function harmless(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, '\ufffd');
}
