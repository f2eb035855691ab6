/** Words of questions that say nothing about what is sought. Only questions leave them out: in code `for`, `with` and `not` may be names. */
const STOP_WORDS = new Set(
  (
    'a an and any are as at be been but by can could did do does doing done for from had has have having here how i if in into is it its just me my of on ' +
    'or our please shall should so some such than that the their them then there these they this those to us was way we were what when where which while ' +
    'who whom why will with would you your code function method class find show locate place places happen happens'
  ).split(' '),
);

/** `word` in lower case, not stemmed. */
export function isStopWord(word: string): boolean {
  return STOP_WORDS.has(word);
}

/** Words that name a language: a hint what the answer is written in, rarely a word of the code itself. By VS Code's ids. */
const LANGUAGE_WORDS: Readonly<Record<string, readonly string[]>> = {
  python: ['python'],
  py: ['python'],
  typescript: ['typescript', 'typescriptreact'],
  javascript: ['javascript', 'javascriptreact'],
  js: ['javascript', 'javascriptreact'],
  golang: ['go'],
  rust: ['rust'],
  java: ['java'],
  ruby: ['ruby'],
  php: ['php'],
  kotlin: ['kotlin'],
  swift: ['swift'],
  scala: ['scala'],
  lua: ['lua'],
  css: ['css', 'scss', 'less'],
  html: ['html'],
  sql: ['sql'],
  bash: ['shellscript'],
};

/** Language ids that a word of a question hints at. */
export function languagesNamed(word: string): readonly string[] {
  return LANGUAGE_WORDS[word] ?? [];
}
