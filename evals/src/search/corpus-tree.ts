import { createHash } from 'node:crypto';
import type { FolderTree, TreeFile } from '../../../packages/engine/src/index/parts.ts';
import type { CorpusText } from './case.ts';

/** A corpus of separate texts as a folder with a file for each id. */
export function corpusTree(texts: readonly CorpusText[]): FolderTree {
  const files = new Map(
    texts.map(({ id, text }): [string, TreeFile & { text: string }] => [
      id,
      { path: id, size: text.length, modified: 0, hash: createHash('sha256').update(text).digest('hex'), text },
    ]),
  );
  return {
    root: '/corpus',
    rootHash: '',
    size: files.size,
    nestedRoots: () => [],
    files: () => files.values(),
    file: (path) => files.get(path),
    reconcile: async () => ({ changes: [] }),
    watch: async () => async () => {},
    async read(path) {
      const file = files.get(path);
      return file === undefined
        ? { skipped: 'not in the corpus' }
        : { text: file.text, hash: file.hash, encoding: 'utf8' };
    },
    explain: async (path) => ({ indexed: files.has(path), reason: 'part of the corpus' }),
    skipped: () => [],
    clear: async () => {},
  };
}

/** The language of a function that comes without one, by how it begins; `plaintext` where that says nothing. */
export function guessLanguage(text: string): string {
  const head = text.slice(0, 600);
  if (/^\s*(?:@[\w.]+.*\n\s*)*(?:async\s+)?(?:def|class)\s+\w+.*:/m.test(head)) return 'python';
  if (/^\s*(?:package\s+\w+\s*$|func\s*(?:\([^)]*\)\s*)?\w+\s*[([])/m.test(head)) return 'go';
  if (/^\s*(?:#\[.*\]\s*)*(?:pub(?:\([\w:]+\))?\s+)?(?:async\s+|unsafe\s+|const\s+)*(?:fn|impl|trait)\b/m.test(head))
    return 'rust';
  if (/^\s*(?:\/\*\*?[\s\S]*?\*\/\s*|@\w+(?:\([^)]*\))?\s*)*(?:public|private|protected)\s+[\w<>[\], ]+\(/.test(head))
    return 'java';
  if (/^\s*def\s+[\w.?!]+/m.test(head) && /\bend\s*$/.test(text.trimEnd())) return 'ruby';
  if (/^\s*(?:<\?php|(?:public |private |protected |static )*function\s+\w+\s*\([^)]*\$)/.test(head)) return 'php';
  if (/\b(?:interface|type)\s+\w+|\)\s*:\s*[\w<>[\]|]+\s*(?:\{|=>)|:\s*(?:string|number|boolean)\b/.test(head))
    return 'typescript';
  if (/\b(?:function|const|let|var|=>)/.test(head) || /^\s*(?:async\s+)?[\w$]+\s*\([^)]*\)\s*\{/.test(head))
    return 'javascript';
  return 'plaintext';
}
