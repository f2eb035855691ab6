import { Method } from '@tabstop/protocol';
import { openAskedNote } from '../index/give-way.ts';
import { compose, type Engine } from './compose.ts';
import { openConnection } from './connection.ts';
import { createIndexService, type IndexService } from './index-service.ts';
import { WIRE_LIMITS } from './limits.ts';
import { watchClient } from './liveness.ts';
import { described, type Log, levelAtLeast, levelFrom } from './log.ts';
import { openFeedback } from './node-feedback.ts';
import { openIndexForEditor } from './node-index.ts';
import { startSession } from './session.ts';
import { statusOf } from './tab-handlers.ts';
import { ENGINE_VERSION } from './version.ts';

/** 0: the client asked or is gone. 1: a fault of the engine. 2: the client sent what no client sends. */
const EXIT = { done: 0, fault: 1, cutOff: 2 } as const;

/** How long the end of the process waits for the client to take the last messages. */
const FLUSH_TIMEOUT = 2_000;

/** The index keeps still for this long: the editor is starting, and so are language servers. */
const INDEX_QUIET = 1_000;

// Standard output belongs to the wire; whatever a library prints must not get in between.
console.log = console.info = console.debug = console.warn = console.error;

const parent = process.ppid;
const threshold = levelFrom(process.env.TABSTOP_LOG);
let engine: Engine | undefined;
let index: IndexService | undefined;
let ending = false;

const log: Log = (level, message) => {
  if (!levelAtLeast(level, threshold)) return;
  if (level === 'error') process.stderr.write(`tabstop engine: ${message}\n`);
  // A client that reads nothing needs no log either.
  if (connection.unwritten < WIRE_LIMITS.unwrittenMessages / 4) connection.notify(Method.Log, { level, message });
};

const timers = {
  setTimeout: (callback: () => void, delay: number): unknown => setTimeout(callback, delay),
  clearTimeout: (timer: unknown) => clearTimeout(timer as NodeJS.Timeout),
};

const note = openAskedNote(Date.now);

const connection = openConnection({
  input: process.stdin,
  output: process.stdout,
  limits: WIRE_LIMITS,
  log,
  ...timers,
  onCutOff: (reason) => end(EXIT.cutOff, `cut the client off: ${reason}`),
  onClose: () => end(EXIT.done),
  onMessage: () => liveness.heard(),
});

const liveness = watchClient({
  ...timers,
  ping: () => connection.ask(Method.Ping, {}, AbortSignal.timeout(60_000)).catch(() => {}),
  parentAlive: () => process.ppid === parent,
  onDead: (reason) => end(EXIT.done, reason),
});

startSession({
  connection,
  limits: WIRE_LIMITS,
  log,
  engineVersion: ENGINE_VERSION,
  pid: process.pid,
  now: () => performance.now(),
  ...timers,
  onAsked: note.asked,
  onShutdown: () => end(EXIT.done),
  start({ folders, dataDir, facts }) {
    engine = compose({
      folders,
      facts,
      dataDir,
      feedback: openFeedback(dataDir, (message) => log('warn', message)),
      now: () => performance.now(),
      wallClock: () => Date.now(),
      whenIdle: (work) => setImmediate(work),
      onLate: () => connection.notify(Method.TabRefresh, {}),
      onProblem: (message) => log('warn', message),
      onLexicon: (status) => connection.notify(Method.TabStatus, statusOf(status)),
    });
    return engine;
  },
  startIndex({ folders, dataDir }, settings) {
    index = createIndexService({
      open: (open, chosen) =>
        openIndexForEditor(
          { folders: open, dataDir, settings: chosen, env: process.env, yieldTo: note.shared },
          (message) => log('warn', `index: ${message}`),
        ),
      folders,
      settings,
      quiet: INDEX_QUIET,
      ...timers,
      onStatus: (status) => connection.notify(Method.IndexStatus, status),
      onProblem: (message) => log('warn', message),
    });
    return index;
  },
});

function end(code: number, message?: string): void {
  if (ending) return;
  ending = true;
  liveness.stop();
  if (message) {
    process.stderr.write(`tabstop engine: ${message}\n`);
    connection.notify(Method.Log, { level: code === EXIT.done ? 'info' : 'error', message });
  }
  setTimeout(() => process.exit(code), FLUSH_TIMEOUT).unref();
  engine?.dispose();
  Promise.all([index?.dispose(), connection.flush()]).then(() => process.exit(code));
}

// A promise nobody waited for leaves the state as it is: told, and survived. An exception out of the blue does not.
process.on('unhandledRejection', (error) => log('error', `unhandled: ${described(error)}`));
process.on('uncaughtException', (error) => {
  log('error', `uncaught: ${described(error)}`);
  end(EXIT.fault);
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(EXIT.done));
process.stdout.on('error', () => end(EXIT.done));
process.stderr.on('error', () => {});

connection.listen();
