import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SESSION_LIFE, Sessions } from '../../src/door/sessions.ts';

/** Sessions under a clock and a source of bytes that the test turns by hand. */
function sessionsAt(start = 1_000_000, secret = Buffer.alloc(32, 7)) {
  const clock = { now: start };
  let drawn = 0;
  const random = (bytes: number): Buffer => Buffer.alloc(bytes, ++drawn);
  return { clock, sessions: new Sessions(secret, { now: () => clock.now, random }) };
}

describe('one-time tokens', () => {
  test('a token is good once', () => {
    const { sessions } = sessionsAt();
    const token = sessions.mint();
    expect([sessions.redeem(token), sessions.redeem(token)]).toEqual([true, false]);
  });

  test('each token stands for itself', () => {
    const { sessions } = sessionsAt();
    const [first, second] = [sessions.mint(), sessions.mint()];
    expect(first).not.toBe(second);
    expect([sessions.redeem(second), sessions.redeem(first)]).toEqual([true, true]);
  });

  test.each([
    ['just before its end', 999, true],
    ['at its end', 1000, false],
    ['after its end', 1001, false],
  ])('a token with a life of 1000 ms, %s', (_when, passed, good) => {
    const { sessions, clock } = sessionsAt();
    const token = sessions.mint(1000);
    clock.now += passed;
    expect(sessions.redeem(token)).toBe(good);
  });

  test('only the newest 32 wait', () => {
    const { sessions } = sessionsAt();
    const tokens = Array.from({ length: 33 }, () => sessions.mint());
    expect(tokens.map((token) => sessions.redeem(token))).toEqual([false, ...Array.from({ length: 32 }, () => true)]);
  });

  test('nothing else is a token', () => {
    const { sessions } = sessionsAt();
    const token = sessions.mint();
    fc.assert(
      fc.property(
        fc.string().filter((text) => text !== token),
        (text) => !sessions.redeem(text),
      ),
      { seed: 11 },
    );
    expect(sessions.redeem(token)).toBe(true);
  });
});

describe('sessions', () => {
  test.each([
    ['at once', 0, true],
    ['a millisecond before 30 days', SESSION_LIFE - 1, true],
    ['after 30 days', SESSION_LIFE, false],
    ['before it began (the clock was set back)', -1, false],
  ])('a session %s', (_when, passed, held) => {
    const { sessions, clock } = sessionsAt();
    const value = sessions.begin();
    clock.now += passed;
    expect(sessions.holds(value)).toBe(held);
  });

  test('outlives the process while the secret is kept, and no longer', () => {
    const value = sessionsAt().sessions.begin();
    expect(sessionsAt().sessions.holds(value)).toBe(true);
    expect(sessionsAt(1_000_000, Buffer.alloc(32, 8)).sessions.holds(value)).toBe(false);
  });

  test('any change of any character is noticed', () => {
    const { sessions } = sessionsAt();
    const value = sessions.begin();
    fc.assert(
      fc.property(fc.nat(value.length - 1), fc.constantFrom(...'aZ09-_.'), (at, character) => {
        const changed = value.slice(0, at) + character + value.slice(at + 1);
        // The last character of base64 holds two bits that mean nothing, but it is compared as text.
        return changed === value || !sessions.holds(changed);
      }),
      { seed: 12 },
    );
  });

  test.each([undefined, '', '.', '..', 'a.b.c', 'x'.repeat(10_000)])('%j is none', (value) => {
    expect(sessionsAt().sessions.holds(value)).toBe(false);
  });

  test('a session is no token and a token no session', () => {
    const { sessions } = sessionsAt();
    expect(sessions.redeem(sessions.begin())).toBe(false);
    expect(sessions.holds(sessions.mint())).toBe(false);
  });
});
