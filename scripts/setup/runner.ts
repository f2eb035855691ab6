import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** One step of the set-up. */
export interface Step {
  readonly id: string;
  /** What the progress line says. */
  readonly title: string;
  /** Steps that must be done before; this one is redone when one of them was. */
  readonly needs: readonly string[];
  /** A hash of what the step's result is made from. */
  inputs(): Promise<string>;
  /** Whether the result is still there; a stamp alone does not know that somebody removed it. */
  present(): Promise<boolean>;
  /** Does it; idempotent, since it may have been interrupted half-way. Resolves to a warning to print, if any. */
  run(): Promise<string | undefined>;
}

/** A step that went wrong, with a sentence for the user. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}

export interface RunnerEffects {
  readonly stamps: Stamps;
  /** Milliseconds, from any start. */
  now(): number;
  print(line: string): void;
}

export interface Stamps {
  read(id: string): Promise<string | undefined>;
  write(id: string, hash: string): Promise<void>;
  remove(id: string): Promise<void>;
}

/**
 * Runs what is not done yet, each step as soon as those it needs are done, side by side where it can.
 * A stamp is removed before its step starts and written after it ended, so an interrupted step runs again.
 * Resolves to the ids of the steps that ran. After a failure no new step starts, running ones are waited for.
 */
export async function runSteps(steps: readonly Step[], effects: RunnerEffects): Promise<string[]> {
  const ran: string[] = [];
  const done = new Map<string, Promise<boolean>>();
  let failed = false;
  let told = false;
  for (const step of steps) {
    const needed = step.needs.map((id) => {
      const promise = done.get(id);
      if (promise === undefined) throw new Error(`step ${step.id} needs ${id}, which does not come before it`);
      return promise;
    });
    done.set(step.id, go(step, needed));
  }
  const results = await Promise.allSettled(done.values());
  const failure = results.find((result) => result.status === 'rejected' && !(result.reason instanceof Skipped));
  if (failure?.status === 'rejected') throw failure.reason;
  return ran;

  async function go(step: Step, needed: readonly Promise<boolean>[]): Promise<boolean> {
    const renewed = (await Promise.all(needed)).includes(true);
    if (failed) throw new Skipped();
    try {
      const inputs = await step.inputs();
      if (!renewed && (await effects.stamps.read(step.id)) === inputs && (await step.present())) return false;
      if (!told) effects.print('Setting up the editor');
      told = true;
      await effects.stamps.remove(step.id);
      const start = effects.now();
      const warning = await step.run();
      await effects.stamps.write(step.id, inputs);
      effects.print(progressLine(step.title, effects.now() - start));
      if (warning !== undefined) effects.print(`  warning: ${warning}`);
      ran.push(step.id);
      return true;
    } catch (error) {
      failed = true;
      throw error;
    }
  }
}

/** A title and its seconds, in columns. */
export function progressLine(title: string, milliseconds: number): string {
  return `  ${title.padEnd(42)} ${(milliseconds / 1000).toFixed(1).padStart(6)} s`;
}

export function fileStamps(folder: string): Stamps {
  const path = (id: string): string => join(folder, id);
  return {
    async read(id) {
      try {
        return await readFile(path(id), 'utf8');
      } catch {
        return undefined;
      }
    },
    async write(id, hash) {
      await mkdir(dirname(path(id)), { recursive: true });
      await writeFile(path(id), hash);
    },
    async remove(id) {
      await rm(path(id), { force: true });
    },
  };
}

class Skipped extends Error {}
