import { byteString, parseIgnoreList } from '../files/ignore-list.ts';

/**
 * Which paths ripgrep's `-g` would let through: globs of ignore files turned around (what matches is taken, `!` leaves out), the last one that matches
 * decides, `{a,b}` stands for either. Ripgrep itself passes over its globs for files that it is told by name, as we do.
 */
export function pathGlobs(globs: readonly string[]): (path: string) => boolean {
  const lines = globs.flatMap(expandBraces);
  const list = parseIgnoreList(Buffer.from(lines.join('\n')), 'globs', false);
  if (!list) return () => true;
  const unmatched = lines.every((line) => line.startsWith('!'));
  const leftOut = new Map<string, boolean>();
  const isLeftOut = (folder: string): boolean => {
    if (folder === '') return false;
    let answer = leftOut.get(folder);
    if (answer === undefined) {
      const slash = folder.lastIndexOf('/');
      answer =
        isLeftOut(folder.slice(0, Math.max(0, slash))) ||
        list.match(byteString(folder.slice(slash + 1)), byteString(folder), true)?.negated === true;
      leftOut.set(folder, answer);
    }
    return answer;
  };
  return (path) => {
    const slash = path.lastIndexOf('/');
    if (isLeftOut(path.slice(0, Math.max(0, slash)))) return false;
    const match = list.match(byteString(path.slice(slash + 1)), byteString(path), false);
    return match ? !match.negated : unmatched;
  };
}

function expandBraces(glob: string): readonly string[] {
  const open = /(?<!\\)\{/.exec(glob);
  if (!open) return [glob];
  let depth = 0;
  const commas: number[] = [];
  for (let at = open.index; at < glob.length; at++) {
    if (glob[at] === '\\') at++;
    else if (glob[at] === '{') depth++;
    else if (glob[at] === ',' && depth === 1) commas.push(at);
    else if (glob[at] === '}' && --depth === 0) {
      const borders = [open.index, ...commas, at];
      return borders
        .slice(1)
        .flatMap((border, index) =>
          expandBraces(glob.slice(0, open.index) + glob.slice(borders[index]! + 1, border) + glob.slice(at + 1)),
        );
    }
  }
  return [glob];
}
