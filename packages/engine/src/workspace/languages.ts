/** Language ids as VS Code names them, by file ending. */
const BY_ENDING: Readonly<Record<string, string>> = {
  ts: 'typescript',
  mts: 'typescript',
  cts: 'typescript',
  tsx: 'typescriptreact',
  js: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  jsx: 'javascriptreact',
  py: 'python',
  pyi: 'python',
  go: 'go',
  rs: 'rust',
  java: 'java',
  c: 'c',
  h: 'c',
  cc: 'cpp',
  cpp: 'cpp',
  cxx: 'cpp',
  hh: 'cpp',
  hpp: 'cpp',
  hxx: 'cpp',
  cs: 'csharp',
  rb: 'ruby',
  php: 'php',
  css: 'css',
  scss: 'scss',
  less: 'less',
  html: 'html',
  htm: 'html',
  vue: 'vue',
  svelte: 'svelte',
  json: 'json',
  jsonc: 'jsonc',
  yaml: 'yaml',
  yml: 'yaml',
  toml: 'toml',
  md: 'markdown',
  sh: 'shellscript',
  bash: 'shellscript',
  sql: 'sql',
  kt: 'kotlin',
  swift: 'swift',
  scala: 'scala',
  lua: 'lua',
};

/** `plaintext` where the ending says nothing. */
export function languageOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot < 0 ? 'plaintext' : (BY_ENDING[name.slice(dot + 1).toLowerCase()] ?? 'plaintext');
}

const TYPESCRIPT_KEYWORDS =
  'abstract any as async await bigint boolean break case catch class const continue debugger declare default delete do else enum export extends false finally for from function get if implements import in infer instanceof interface is keyof let namespace never new null number object of override package private protected public readonly require return satisfies set static string super switch symbol this throw true try type typeof undefined unique unknown using var void while with yield';

/** Words that are not identifiers, by language id; the union for languages not listed would hide identifiers, so they get none. */
const KEYWORDS: Readonly<Record<string, ReadonlySet<string>>> = Object.fromEntries(
  Object.entries({
    typescript: TYPESCRIPT_KEYWORDS,
    typescriptreact: TYPESCRIPT_KEYWORDS,
    javascript: TYPESCRIPT_KEYWORDS,
    javascriptreact: TYPESCRIPT_KEYWORDS,
    python:
      'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda match nonlocal not or pass raise return self cls try while with yield',
    go: 'break case chan const continue default defer else fallthrough for func go goto if import interface map package range return select struct switch type var nil true false iota string int int8 int16 int32 int64 uint uint8 uint16 uint32 uint64 float32 float64 bool byte rune error any',
    rust: 'Self as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod move mut pub ref return self static struct super trait true type unsafe use where while u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64 bool char str',
    java: 'abstract assert boolean break byte case catch char class const continue default do double else enum extends false final finally float for goto if implements import instanceof int interface long native new null package private protected public record return sealed short static strictfp super switch synchronized this throw throws transient true try var void volatile while yield',
    c: 'auto bool break case char const continue default do double else enum extern false float for goto if inline int long nullptr register restrict return short signed sizeof static struct switch true typedef union unsigned void volatile while NULL',
    cpp: 'alignas alignof and auto bool break case catch char class concept const consteval constexpr const_cast continue co_await co_return co_yield decltype default delete do double dynamic_cast else enum explicit export extern false final float for friend goto if inline int long mutable namespace new noexcept not nullptr operator or override private protected public register reinterpret_cast requires return short signed sizeof static static_assert static_cast struct switch template this throw true try typedef typeid typename union unsigned using virtual void volatile while NULL',
    csharp:
      'abstract as async await base bool break byte case catch char checked class const continue decimal default delegate do double else enum event explicit extern false finally fixed float for foreach get goto if implicit in init int interface internal is lock long namespace new null object operator out override params partial private protected public readonly record ref required return sbyte sealed set short sizeof stackalloc static string struct switch this throw true try typeof uint ulong unchecked unsafe ushort using value var virtual void volatile when where while yield',
    ruby: 'BEGIN END alias and begin break case class def defined do else elsif end ensure false for if in module next nil not or redo rescue retry return self super then true undef unless until when while yield require require_relative attr_accessor attr_reader attr_writer',
    php: 'abstract and array as break callable case catch class clone const continue declare default do echo else elseif empty enum extends false final finally fn for foreach function global goto if implements include include_once instanceof insteadof interface isset list match namespace new null or print private protected public readonly require require_once return self static switch this throw trait true try unset use var while xor yield',
  }).map(([language, words]) => [language, new Set(words.split(' '))]),
);

/** Ids of the languages whose keywords are known. */
export const keywordLanguages: readonly string[] = Object.keys(KEYWORDS);

export function isKeyword(languageId: string, word: string): boolean {
  return KEYWORDS[languageId]?.has(word) ?? false;
}

export interface CommentSyntax {
  readonly line?: string;
  readonly block?: readonly [open: string, close: string];
}

const C_LIKE: CommentSyntax = { line: '//', block: ['/*', '*/'] };
const HASH: CommentSyntax = { line: '#' };
const COMMENTS: Readonly<Record<string, CommentSyntax>> = {
  typescript: C_LIKE,
  typescriptreact: C_LIKE,
  javascript: C_LIKE,
  javascriptreact: C_LIKE,
  go: C_LIKE,
  rust: C_LIKE,
  java: C_LIKE,
  c: C_LIKE,
  cpp: C_LIKE,
  csharp: C_LIKE,
  php: C_LIKE,
  kotlin: C_LIKE,
  swift: C_LIKE,
  scala: C_LIKE,
  scss: C_LIKE,
  less: C_LIKE,
  jsonc: C_LIKE,
  css: { block: ['/*', '*/'] },
  python: HASH,
  ruby: HASH,
  yaml: HASH,
  toml: HASH,
  shellscript: HASH,
  html: { block: ['<!--', '-->'] },
  markdown: { block: ['<!--', '-->'] },
  vue: { block: ['<!--', '-->'] },
  sql: { line: '--', block: ['/*', '*/'] },
  lua: { line: '--' },
};

export function commentSyntaxOf(languageId: string): CommentSyntax {
  return COMMENTS[languageId] ?? {};
}
