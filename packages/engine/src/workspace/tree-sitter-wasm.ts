import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * Reads the WebAssembly of tree-sitter and its grammars: from `wasm/` beside the module at `moduleUrl` (how the engine ships), else from the installed
 * packages (how it runs from source). Rejects with the file system's error when neither has it.
 */
export function wasmReader(moduleUrl: string): (name: string) => Promise<Uint8Array> {
  return async (name) => {
    try {
      return await readFile(new URL(`./wasm/${name}`, moduleUrl));
    } catch (missing) {
      if ((missing as NodeJS.ErrnoException).code !== 'ENOENT') throw missing;
      const resolve = createRequire(moduleUrl).resolve;
      const folder =
        name === 'web-tree-sitter.wasm'
          ? dirname(resolve('web-tree-sitter'))
          : dirname(resolve('@vscode/tree-sitter-wasm'));
      return readFile(join(folder, name));
    }
  };
}
