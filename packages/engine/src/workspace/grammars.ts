/** Grammar of each language id, as `tree-sitter-NAME.wasm` of `@vscode/tree-sitter-wasm`. */
export const GRAMMARS: Readonly<Record<string, string>> = {
  typescript: 'typescript',
  typescriptreact: 'tsx',
  javascript: 'javascript',
  javascriptreact: 'javascript',
  python: 'python',
  go: 'go',
  rust: 'rust',
  java: 'java',
  c: 'cpp',
  cpp: 'cpp',
  csharp: 'c-sharp',
  ruby: 'ruby',
  php: 'php',
  css: 'css',
  shellscript: 'bash',
};
