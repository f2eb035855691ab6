import type { Syntax, SyntaxSymbol } from '@tabstop/apply';
import { Language, Parser, type Tree, type TreeCursor } from 'web-tree-sitter';
import { GRAMMARS } from '../workspace/grammars.ts';
import { languageOf } from '../workspace/languages.ts';

/** Longer texts are merged by lines alone: a parse of them costs more than it tells. UTF-16 code units. */
const MAX_TEXT = 600_000;

export interface LoadedSyntax {
  readonly syntax: Syntax;
  /** Loads the grammar for a path; without one, or where it cannot be loaded, `syntax` answers undefined for it. */
  load(path: string): Promise<void>;
}

/** The syntax port of @tabstop/apply on tree-sitter. `readWasm` gives the bytes of `web-tree-sitter.wasm` and of grammars. */
export function createApplySyntax(readWasm: (name: string) => Promise<Uint8Array>): LoadedSyntax {
  const loading = new Map<string, Promise<Parser | undefined>>();
  const parsers = new Map<string, Parser>();
  let started: Promise<void> | undefined;

  async function parserFor(grammar: string): Promise<Parser | undefined> {
    try {
      started ??= readWasm('web-tree-sitter.wasm').then((wasmBinary) => Parser.init({ wasmBinary }));
      await started;
      const parser = new Parser();
      parser.setLanguage(await Language.load(await readWasm(`tree-sitter-${grammar}.wasm`)));
      parsers.set(grammar, parser);
      return parser;
    } catch {
      return undefined; // the merge works by lines, only less finely
    }
  }

  function withTree<T>(text: string, path: string, read: (tree: Tree) => T): T | undefined {
    const parser = parsers.get(GRAMMARS[languageOf(path)] ?? '');
    if (!parser || text.length > MAX_TEXT) return undefined;
    const tree = parser.parse(text);
    if (!tree) return undefined;
    try {
      return read(tree);
    } finally {
      tree.delete();
    }
  }

  return {
    async load(path) {
      const grammar = GRAMMARS[languageOf(path)];
      if (!grammar) return;
      let known = loading.get(grammar);
      if (!known) {
        known = parserFor(grammar);
        loading.set(grammar, known);
      }
      await known;
    },
    syntax: {
      symbols: (text, path) => withTree(text, path, symbolsOf),
      errors: (text, path) => withTree(text, path, countErrors),
    },
  };
}

const DEFINITION =
  /(?:^|_)(?:function|method|class|interface|struct|enum|trait|impl|module|namespace|record|constructor)(?:_(?:declaration|definition|item|specifier|signature))?$|^(?:decorated_definition|type_alias_declaration|variable_declarator|method_definition|type_spec)$/;

function symbolsOf(tree: Tree): SyntaxSymbol[] {
  const found: SyntaxSymbol[] = [];
  visit(tree, (cursor) => {
    const type = cursor.nodeType;
    if (!cursor.nodeIsNamed || !DEFINITION.test(type)) return;
    const node = cursor.currentNode;
    const name = node.childForFieldName('name') ?? node.childForFieldName('declarator');
    if (!name || name.endPosition.row !== name.startPosition.row || name.text.length > 200) return;
    let start = node.startPosition.row;
    let end = node.endPosition.row + (node.endPosition.column > 0 ? 1 : 0);
    // `export`, decorators and `const … =` belong to the definition when they begin on a line of their own or on this one.
    const outer = node.parent;
    if (
      outer &&
      /^(?:export_statement|decorated_definition|lexical_declaration)$/.test(outer.type) &&
      outer.endIndex - node.endIndex <= 2
    ) {
      start = outer.startPosition.row;
      end = Math.max(end, outer.endPosition.row + 1);
    }
    found.push({ name: name.text.replace(/\(.*$/s, ''), kind: type, start, end });
  });
  return found;
}

function countErrors(tree: Tree): number {
  if (!tree.rootNode.hasError) return 0;
  let count = 0;
  visit(tree, (cursor) => {
    if (cursor.nodeType === 'ERROR' || cursor.nodeIsMissing) count++;
  });
  return count;
}

/** Every node, parents first. */
function visit(tree: Tree, onNode: (cursor: TreeCursor) => void): void {
  const cursor = tree.walk();
  try {
    for (;;) {
      onNode(cursor);
      if (cursor.gotoFirstChild()) continue;
      while (!cursor.gotoNextSibling()) if (!cursor.gotoParent()) return;
    }
  } finally {
    cursor.delete();
  }
}
