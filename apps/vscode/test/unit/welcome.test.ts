import { expect, test } from 'vitest';
import { OLD_NAME, SAMPLE, START, stepsDone, TO_TYPE } from '../../src/welcome/sample.ts';
import { welcomePage } from '../../src/welcome/welcome-page.ts';

const renamed = (places: number) => {
  let left = places;
  return SAMPLE.replace(/\btotal\b/g, (name) => (left-- > 0 ? `${name}${TO_TYPE}` : name));
};

test('the cursor starts behind the declared name, and the name stands in four places', () => {
  expect(SAMPLE.slice(START - OLD_NAME.length - 'const '.length, START)).toBe('const total');
  expect(SAMPLE.match(/\btotal\b/g)).toHaveLength(4);
});

test.each([
  [SAMPLE, []],
  [renamed(1), ['typed']],
  [renamed(3), ['typed']],
  [renamed(4), ['typed', 'walked']],
  ['', []],
  ['const totalPrice = 1;', ['typed']],
])('steps done in %j', (text, steps) => {
  expect(stepsDone(text)).toEqual(steps);
});

test('the page loads its own files and nothing from elsewhere', () => {
  const page = welcomePage({
    source: 'https://own',
    nonce: 'n0nce',
    style: 'https://own/welcome.css',
    script: 'https://own/welcome.js',
    icon: 'https://own/icon.svg',
    control: 'Ctrl',
  });
  expect(page).toContain(
    `content="default-src 'none'; img-src https://own; style-src https://own; script-src 'nonce-n0nce'"`,
  );
  const addresses = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]);
  expect(addresses).toEqual(['https://own/welcome.css', 'https://own/icon.svg', 'https://own/welcome.js']);
  expect(page).not.toMatch(/ on[a-z]+="/);
});
