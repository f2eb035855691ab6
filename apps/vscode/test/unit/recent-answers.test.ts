import { expect, test } from 'vitest';
import { FRESH, recentAnswers } from '../../src/recent-answers.ts';

function stage() {
  let time = 0;
  const asked: string[] = [];
  const answers = recentAnswers(() => time);
  const get = (key: string) =>
    answers.get(key, () => {
      asked.push(`${key}@${time}`);
      return Promise.resolve(`${key} as of ${time}`);
    });
  return { get, asked, pass: (milliseconds: number) => (time += milliseconds) };
}

test('who asks the same within a while gets the same answer', async () => {
  const { get, asked, pass } = stage();
  const first = get('references a:1');
  pass(FRESH - 1);
  expect(await get('references a:1')).toBe(await first);
  expect(await get('references a:2')).toBe(`references a:2 as of ${FRESH - 1}`);
  pass(1);
  expect(await get('references a:1')).toBe(`references a:1 as of ${FRESH}`);
  expect(asked).toEqual(['references a:1@0', `references a:2@${FRESH - 1}`, `references a:1@${FRESH}`]);
});

test('the oldest answers are given up', async () => {
  const { get, asked } = stage();
  for (let key = 0; key < 65; key++) await get(`key ${key}`);
  asked.length = 0;
  await get('key 64');
  await get('key 0');
  expect(asked).toEqual(['key 0@0']);
});
