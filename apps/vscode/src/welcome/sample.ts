/** The text to try Tab on: one name, four places. Small enough to see at once. */
export const SAMPLE = `function invoice(items) {
  const total = items.reduce((sum, item) => sum + item.price, 0);
  if (total > 100) {
    return total * 0.9;
  }
  return total;
}
`;

/** The name the user begins to change, and what to type behind it. */
export const OLD_NAME = 'total';
export const TO_TYPE = 'Price';

/** Offset in SAMPLE where the cursor starts: behind the name in its declaration. */
export const START = SAMPLE.indexOf(OLD_NAME) + OLD_NAME.length;

export type Step = 'typed' | 'walked';

/** Pure: which steps of the welcome page the text shows as done. */
export function stepsDone(text: string): readonly Step[] {
  const renamed = text.match(new RegExp(`\\b${OLD_NAME}${TO_TYPE}\\b`, 'g'))?.length ?? 0;
  const left = text.match(new RegExp(`\\b${OLD_NAME}\\b`, 'g'))?.length ?? 0;
  if (renamed === 0) return [];
  return left === 0 && renamed > 1 ? ['typed', 'walked'] : ['typed'];
}
