import { fakeClock } from '@tabstop/testkit';
import { describe, expect, test } from 'vitest';
import { snooze } from '../../src/status/snooze.ts';
import { milliseconds, type StatusModel, statusText } from '../../src/status/status-text.ts';

const NOW = 1_000_000;
const IDLE: StatusModel = {
  engine: { kind: 'ready', pid: 42 },
  model: { state: 'ready', files: 12 },
  enabled: true,
  mode: 'eager',
  snoozedUntil: 0,
  languageOff: undefined,
  current: undefined,
  hidden: false,
  last: undefined,
};
const CURRENT = { source: 'rename', ms: 3.2, confidence: 0.91, walk: { index: 3, total: 12 } };

describe('the status bar', () => {
  test.each<[change: Partial<StatusModel>, text: string]>([
    [{}, '$(keyboard-tab) Tab'],
    [{ current: CURRENT }, '$(keyboard-tab) rename 3 of 12 · 3.2 ms'],
    [{ current: { ...CURRENT, walk: undefined, ms: 0.4 } }, '$(keyboard-tab) rename · <1 ms'],
    [{ current: { ...CURRENT, walk: { index: 1, total: 1 }, ms: 31.7 } }, '$(keyboard-tab) rename · 32 ms'],
    [{ current: CURRENT, hidden: true }, '$(keyboard-tab) rename waits · Alt+\\'],
    [{ model: { state: 'building', progress: 0.404 } }, '$(loading~spin) Tab: reading project 40 %'],
    [{ model: { state: 'building', progress: 0.4 }, current: CURRENT }, '$(keyboard-tab) rename 3 of 12 · 3.2 ms'],
    [{ model: { state: 'failed', message: 'no disk' } }, '$(warning) Tab: no project model'],
    [{ enabled: false }, '$(circle-slash) Tab off'],
    [{ languageOff: 'markdown' }, '$(circle-slash) Tab off for markdown'],
    [{ snoozedUntil: NOW + 61_000 }, '$(bell-slash) Tab snoozed 2 min'],
    [{ snoozedUntil: NOW + 4 * 3_600_000 }, '$(bell-slash) Tab snoozed 4 h'],
    [{ snoozedUntil: Number.POSITIVE_INFINITY }, '$(bell-slash) Tab snoozed'],
    [{ engine: { kind: 'starting' } }, '$(loading~spin) Tab: engine starting'],
    [
      { engine: { kind: 'waiting', delay: 100, crashes: 1, reason: 'killed by SIGKILL' }, current: CURRENT },
      '$(warning) Tab: engine restarting',
    ],
    [{ engine: { kind: 'refused', reason: 'version 2' } }, '$(error) Tab: engine refused'],
    [{ engine: { kind: 'stopped' } }, '$(circle-slash) Tab: engine stopped'],
  ])('%j', (change, text) => {
    expect(statusText({ ...IDLE, ...change }, NOW).text).toBe(text);
  });

  test('its tooltip tells the rest', () => {
    expect(statusText({ ...IDLE, current: CURRENT }, NOW).lines).toEqual([
      'Engine runs (process 42)',
      'Knows 12 files',
      'Eager: shown as soon as known',
      'Now: rename 3 of 12 · 3.2 ms, 91 % likely',
    ]);
    expect(
      statusText({ ...IDLE, last: { source: undefined, ms: 1.26, silence: 'nothing above 25 %' } }, NOW).lines,
    ).toContain('Last: silent in 1.3 ms (nothing above 25 %)');
    expect(
      statusText({ ...IDLE, engine: { kind: 'waiting', delay: 100, crashes: 1, reason: 'exit code 1' } }, NOW).lines[0],
    ).toBe('Engine stopped: exit code 1. It is started again; the editor works on.');
  });

  test.each([
    [0, '<1 ms'],
    [0.99, '<1 ms'],
    [1, '1.0 ms'],
    [9.94, '9.9 ms'],
    [10.4, '10 ms'],
  ])('%d milliseconds', (ms, text) => {
    expect(milliseconds(ms)).toBe(text);
  });
});

describe('snoozing', () => {
  test('ends by itself, and the display follows each minute', async () => {
    const clock = fakeClock();
    const changes: string[] = [];
    const rest = snooze(clock, () => changes.push(`${clock.now()} ${rest.active ? 'asleep' : 'awake'}`));
    rest.start(150_000);
    await clock.advance(600_000);
    expect(changes).toEqual(['0 asleep', '60000 asleep', '120000 asleep', '150000 awake']);
  });

  test('is ended by hand, and a new one counts from its own start', async () => {
    const clock = fakeClock();
    const rest = snooze(clock, () => undefined);
    rest.start(300_000);
    await clock.advance(100_000);
    rest.end();
    expect(rest.active).toBe(false);
    rest.start(300_000);
    await clock.advance(299_999);
    expect(rest.active).toBe(true);
    await clock.advance(1);
    expect(rest.active).toBe(false);
  });

  test('until the window is closed has no end', async () => {
    const clock = fakeClock();
    const rest = snooze(clock, () => undefined);
    rest.start(Number.POSITIVE_INFINITY);
    await clock.advance(1e9);
    expect(rest.active).toBe(true);
  });
});
