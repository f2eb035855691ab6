/** `getHTTPUser_id2` -> `get`, `HTTP`, `User`, `id2`: the words of an identifier, without its separators. */
export function subwordsOf(identifier: string): string[] {
  return identifier.match(/\p{Lu}+(?!\p{Ll})\d*|\p{Lu}?[\p{Ll}]+\d*|[\p{L}]+\d*|\d+/gu) ?? [];
}

export type Casing = 'lower' | 'upper' | 'capitalised';

export function casingOf(word: string): Casing {
  if (word === word.toLowerCase()) return 'lower';
  return word.length > 1 && word === word.toUpperCase() ? 'upper' : 'capitalised';
}

/** `word` in the casing that `like` has. */
export function matchCase(word: string, like: string): string {
  switch (casingOf(like)) {
    case 'lower':
      return word.toLowerCase();
    case 'upper':
      return word.toUpperCase();
    default:
      return word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase();
  }
}

export type Style = 'camel' | 'pascal' | 'snake' | 'upper-snake' | 'kebab' | 'flat' | 'upper-flat';

/** Words joined in a style: `['user', 'name']` in `kebab` is `user-name`. */
export function join(words: readonly string[], style: Style): string {
  const lower = words.map((word) => word.toLowerCase());
  const capital = lower.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1));
  switch (style) {
    case 'camel':
      return lower[0] + capital.slice(1).join('');
    case 'pascal':
      return capital.join('');
    case 'snake':
      return lower.join('_');
    case 'upper-snake':
      return lower.join('_').toUpperCase();
    case 'kebab':
      return lower.join('-');
    case 'flat':
      return lower.join('');
    case 'upper-flat':
      return lower.join('').toUpperCase();
  }
}

export const STYLES: readonly Style[] = ['camel', 'pascal', 'snake', 'upper-snake', 'kebab', 'flat', 'upper-flat'];

/**
 * Every spelling of `from` with the spelling of `to` in the same style, longest first, without doubles: `userName` -> `accountId` gives `userName`, `UserName`, `user_name`, `USER_NAME`, `user-name`, ….
 */
export function variants(from: string, to: string): readonly (readonly [from: string, to: string])[] {
  const fromWords = subwordsOf(from);
  const toWords = subwordsOf(to);
  if (fromWords.length === 0 || toWords.length === 0) return [];
  const pairs = new Map<string, string>([[from, to]]);
  for (const style of STYLES) {
    const key = join(fromWords, style);
    if (!pairs.has(key)) pairs.set(key, join(toWords, style));
  }
  return [...pairs].sort((a, b) => b[0].length - a[0].length);
}
