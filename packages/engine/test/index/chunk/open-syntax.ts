import { createTreeSitterSyntax, type TreeSitterSyntax } from '../../../src/workspace/tree-sitter.ts';
import { wasmReader } from '../../../src/workspace/tree-sitter-wasm.ts';

/** A clock that stands still: a parse is never cut off, so chunks do not depend on how fast the machine is. */
export function openSyntax(): TreeSitterSyntax {
  return createTreeSitterSyntax({
    readWasm: wasmReader(import.meta.url),
    now: () => 0,
    defer: (task) => void setImmediate(task),
    maxTrees: 1,
  });
}
