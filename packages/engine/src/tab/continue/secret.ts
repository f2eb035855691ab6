/**
 * True for what looks like a key, token or hash rather than a name: long, of mixed letters and digits without the rhythm of words. It is never suggested, even
 * where it stands in the project.
 */
export function looksSecret(token: string): boolean {
  if (token.length < 16) return false;
  if (/^[0-9a-f]{16,}$/i.test(token) && /\d/.test(token) && /[a-f]/i.test(token)) return true;
  const digits = token.replace(/[^0-9]/g, '').length;
  const switches = token.match(/(?<=[0-9])(?=[A-Za-z])|(?<=[A-Za-z])(?=[0-9])/g)?.length ?? 0;
  return digits >= 5 && switches >= 4 && entropy(token) > 3.2;
}

/** Bits per character. */
function entropy(token: string): number {
  const counts = new Map<string, number>();
  for (const char of token) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / token.length) * Math.log2(count / token.length);
  return bits;
}
