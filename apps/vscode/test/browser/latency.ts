/**
 * `node apps/vscode/test/browser/latency.ts [SAMPLES]`: how long after a key its ghost text is on the screen, with a null provider (an engine that
 * answers from one rule at once) and with the engine that ships, in one run. Bar: the ratio of the medians is at most 1.25.
 *
 * Both editors are open at the same time and take turns, so that whatever else the machine does weighs on both alike. The clock runs in the page:
 * from the keydown event to the animation frame in which the ghost text is in the document. Needs `npm run build`.
 */
import { openWorkbench, type Workbench, waitFor } from './workbench.ts';

const SAMPLES = Number(process.argv[2] ?? 40);
const WORD = 'registerCustomerInvoice';
const PROJECT = `export function ${WORD}(id: string): string {\n  return id;\n}\n`;
const LINES = Array.from({ length: 30 }, (_, index) => `${WORD}(customers[${index}]);`).join('\n');
/** The key that brings the ghost text, on an empty line. */
const KEY = 'r';

export interface Latency {
  /** Milliseconds from key to visible ghost text. */
  readonly p50: number;
  readonly p90: number;
  readonly samples: number;
}

const files = { 'src/invoice.ts': PROJECT, 'src/bench.ts': `import { ${WORD} } from './invoice';\n\n${LINES}\n` };
const settings = {
  'editor.quickSuggestions': 'off',
  'editor.wordBasedSuggestions': 'off',
  // Each sample is undone, which is a suggestion ignored: both would soon wait before they ask.
  'tabstop.tab.maxDelay': 0,
};

async function ready(engine: 'real' | 'null'): Promise<Workbench> {
  const rules = [{ kind: 'insert', after: `\n${KEY}`, text: `${WORD.slice(1)}(customers[0]);` }] as const;
  const workbench = await openWorkbench({ files, settings, engine: engine === 'real' ? 'real' : rules });
  await workbench.openFile('bench.ts');
  await workbench.press('Control+End');
  await waitFor(workbench.statusBar, (text) => text === 'Tab', 60_000);
  return workbench;
}

/**
 * One sample, or `undefined` when no ghost text came within 2 s of the key, or the page saw no key within 5 s. An undo makes the line empty again,
 * and nothing is suggested after an undo.
 */
async function sample(workbench: Workbench): Promise<number | undefined> {
  const { page } = workbench;
  await waitFor(workbench.ghostText, (text) => text === '');
  // Answered before the key is pressed: a page that is busy would otherwise begin to listen after the key.
  const clock = await page.evaluateHandle(() => {
    const { window } = globalThis as unknown as { window: PageWindow };
    const time = new Promise<number | undefined>((resolve) => {
      window.setTimeout(() => resolve(undefined), 5_000);
      window.addEventListener(
        'keydown',
        () => {
          const start = window.performance.now();
          const look = () => {
            const now = window.performance.now();
            if (window.document.querySelector('.ghost-text-decoration')) resolve(now - start);
            else if (now - start > 2_000) resolve(undefined);
            else window.requestAnimationFrame(look);
          };
          window.requestAnimationFrame(look);
        },
        { capture: true, once: true },
      );
    });
    // Not the promise itself: a handle of a promise is awaited.
    return { time };
  });
  await page.keyboard.press(KEY);
  const time = await clock.evaluate(({ time }) => time);
  await clock.dispose();
  await page.keyboard.press('Control+Z');
  await page.waitForTimeout(150);
  return time;
}

/** The part of the page's window that is used here. */
interface PageWindow {
  addEventListener(type: string, listener: () => void, options: object): void;
  requestAnimationFrame(callback: () => void): void;
  setTimeout(callback: () => void, milliseconds: number): void;
  readonly performance: { now(): number };
  readonly document: { querySelector(selector: string): unknown };
}

function summary(times: readonly number[]): Latency {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
  return { p50: at(0.5), p90: at(0.9), samples: sorted.length };
}

/** Runs both in turns. Throws when either shows its ghost text in fewer than half of the samples: then there is nothing to compare. */
export async function measure(
  samples: number,
): Promise<{ readonly null: Latency; readonly engine: Latency; readonly ratio: number }> {
  const nothing = await ready('null');
  try {
    const real = await ready('real');
    try {
      const times: Record<'null' | 'engine', number[]> = { null: [], engine: [] };
      // The first ones of each warm up what is compiled on first use.
      for (let round = -3; round < samples; round++) {
        for (const [name, workbench] of [
          ['null', nothing],
          ['engine', real],
        ] as const) {
          await workbench.page.bringToFront();
          const time = await sample(workbench);
          if (round >= 0 && time !== undefined) times[name].push(time);
        }
      }
      for (const [name, seen] of Object.entries(times)) {
        if (seen.length < samples / 2)
          throw new Error(`${name}: ghost text in ${seen.length} of ${samples} samples only`);
      }
      const result = { null: summary(times.null), engine: summary(times.engine) };
      return { ...result, ratio: result.engine.p50 / result.null.p50 };
    } finally {
      await real.close();
    }
  } finally {
    await nothing.close();
  }
}

if (import.meta.main) {
  const result = await measure(SAMPLES);
  for (const name of ['null', 'engine'] as const) {
    const { p50, p90, samples } = result[name];
    console.log(`${name.padEnd(7)} p50 ${p50.toFixed(0)} ms  p90 ${p90.toFixed(0)} ms  (${samples} samples)`);
  }
  console.log(`ratio of p50 ${result.ratio.toFixed(2)} (bar: at most 1.25)`);
  console.log(JSON.stringify(result));
}
