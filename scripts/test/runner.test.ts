import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { progressLine, runSteps, SetupError, type Stamps, type Step } from '../setup/runner.ts';

/** Stamps in memory. */
function memoryStamps(kept = new Map<string, string>()): Stamps & { kept: Map<string, string> } {
  return {
    kept,
    read: async (id) => kept.get(id),
    write: async (id, hash) => void kept.set(id, hash),
    remove: async (id) => void kept.delete(id),
  };
}

interface Machine {
  readonly log: string[];
  readonly lines: string[];
  readonly stamps: ReturnType<typeof memoryStamps>;
  step(id: string, needs?: string[], parts?: Partial<Step>): Step;
  run(steps: readonly Step[]): Promise<string[]>;
}

function machine(): Machine {
  const log: string[] = [];
  const lines: string[] = [];
  const stamps = memoryStamps();
  let now = 0;
  return {
    log,
    lines,
    stamps,
    step: (id, needs = [], parts = {}) => ({
      id,
      title: `the ${id}`,
      needs,
      inputs: async () => `inputs of ${id}`,
      present: async () => true,
      run: async () => {
        log.push(id);
        return undefined;
      },
      ...parts,
    }),
    run: (steps) => runSteps(steps, { stamps, now: () => (now += 500), print: (line) => lines.push(line) }),
  };
}

describe('the set-up', () => {
  test('does everything once, and nothing the second time', async () => {
    const { step, run, log, lines } = machine();
    const steps = [step('a'), step('b', ['a'])];
    expect(await run(steps)).toEqual(['a', 'b']);
    expect(await run(steps)).toEqual([]);
    expect(log).toEqual(['a', 'b']);
    expect(lines).toEqual(['Setting up the editor', progressLine('the a', 500), progressLine('the b', 500)]);
  });

  test('does again what was made from something else, and what needs it', async () => {
    const { step, run } = machine();
    await run([step('a'), step('b', ['a']), step('c')]);
    expect(await run([step('a', [], { inputs: async () => 'new' }), step('b', ['a']), step('c')])).toEqual(['a', 'b']);
  });

  test('does again what somebody removed', async () => {
    const { step, run } = machine();
    await run([step('a')]);
    expect(await run([step('a', [], { present: async () => false })])).toEqual(['a']);
  });

  test('goes on where it was interrupted: what was finished stays, what was cut off runs again', async () => {
    const { step, run, stamps } = machine();
    const cut = step('b', ['a'], {
      run: async () => {
        // A kill in the middle: no stamp may be there by then, not even an older one.
        expect(stamps.kept.has('b')).toBe(false);
        throw new Error('killed');
      },
    });
    stamps.kept.set('b', 'of an older version');
    await expect(run([step('a'), cut])).rejects.toThrow('killed');
    expect(await run([step('a'), step('b', ['a'])])).toEqual(['b']);
  });

  test('runs side by side what does not need each other', async () => {
    const { step, run, log } = machine();
    const slow = step('slow', [], {
      run: async () => {
        log.push('slow begins');
        await sleep(20);
        log.push('slow ends');
        return undefined;
      },
    });
    await run([slow, step('quick'), step('last', ['slow', 'quick'])]);
    expect(log).toEqual(['slow begins', 'quick', 'slow ends', 'last']);
  });

  test('after a failure nothing new starts, what runs is finished, and the failure is told', async () => {
    const { step, run, log, stamps } = machine();
    const running = step('running', [], {
      run: async () => {
        await sleep(20);
        log.push('running');
        return undefined;
      },
    });
    const failing = step('failing', [], {
      run: async () => {
        throw new SetupError('no disk');
      },
    });
    await expect(run([running, failing, step('next', ['running']), step('after', ['failing'])])).rejects.toThrow(
      'no disk',
    );
    expect(log).toEqual(['running']);
    expect([...stamps.kept.keys()]).toEqual(['running']);
  });

  test('a warning is printed, and the step counts as done', async () => {
    const { step, run, lines } = machine();
    const steps = [step('a', [], { run: async () => 'no compiler' })];
    await run(steps);
    expect(lines.at(-1)).toBe('  warning: no compiler');
    expect(await run(steps)).toEqual([]);
  });

  test('a step that needs a later one is a mistake of ours', async () => {
    const { step, run } = machine();
    await expect(run([step('a', ['b']), step('b')])).rejects.toThrow(/needs b, which does not come before/);
  });
});

test('a line has its title and its seconds in columns', () => {
  expect(progressLine('dependencies', 12_345)).toBe(`  ${'dependencies'.padEnd(42)}   12.3 s`);
});
