import * as vscode from 'vscode';
import { isOneLine } from './presentation.ts';

export interface Terminals extends vscode.Disposable {
  /** Puts the line into a terminal in the folder, and the focus behind it. Nothing runs until the user presses Enter. */
  put(text: string, cwd: string): void;
}

interface Own {
  readonly terminal: vscode.Terminal;
  readonly cwd: string;
  /** A line of ours stands at its prompt, or something runs in it. */
  busy: boolean;
}

/** A shell that tells nothing of itself is taken to be ready by then. Milliseconds. */
const START = 2_000;

/** What is written before the prompt is there stands on the screen twice. */
function promptOf(terminal: vscode.Terminal): Promise<void> {
  return new Promise((resolve) => {
    if (terminal.shellIntegration) return resolve();
    const done = () => {
      clearTimeout(timer);
      listener.dispose();
      resolve();
    };
    const timer = setTimeout(done, START);
    const listener = vscode.window.onDidChangeTerminalShellIntegration((event) => {
      if (event.terminal === terminal) done();
    });
  });
}

/**
 * Terminals of our own, each for one folder: the user's may have a program in the foreground that would take the line for itself. One is used again once the shell
 * has told that what was put there has run and ended; a shell that tells nothing gets a new one each time.
 */
export function terminals(): Terminals {
  let own: readonly Own[] = [];
  const of = (terminal: vscode.Terminal) => own.find((one) => one.terminal === terminal);
  const subscriptions = [
    vscode.window.onDidStartTerminalShellExecution(({ terminal }) => {
      const one = of(terminal);
      if (one) one.busy = true;
    }),
    vscode.window.onDidEndTerminalShellExecution(({ terminal }) => {
      const one = of(terminal);
      if (one) one.busy = false;
    }),
    vscode.window.onDidCloseTerminal((terminal) => {
      own = own.filter((one) => one.terminal !== terminal);
    }),
  ];
  return {
    put(text, cwd) {
      if (!isOneLine(text)) return;
      let one = own.find((known) => known.cwd === cwd && !known.busy && known.terminal.exitStatus === undefined);
      if (!one) {
        one = { terminal: vscode.window.createTerminal({ name: 'Tabstop', cwd }), cwd, busy: false };
        own = [...own, one];
      }
      one.busy = true;
      const { terminal } = one;
      terminal.show();
      void promptOf(terminal).then(() => terminal.sendText(text, false));
    },
    dispose: () => vscode.Disposable.from(...subscriptions).dispose(),
  };
}
