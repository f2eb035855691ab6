import { type FilesChanged, Method } from '@tabstop/protocol';
import * as vscode from 'vscode';
import { pathOf } from './convert.ts';
import type { EngineClient } from './engine/engine-client.ts';

type Kind = FilesChanged['changes'][number]['kind'];

/** A checkout or a build touches many files at once: they are told together. Milliseconds. */
const PAUSE = 200;

/** Tells the engine what is created, changed and deleted on disk, in the folders that the editor watches. */
export function watchFiles(engine: Pick<EngineClient, 'notify'>): vscode.Disposable {
  const watcher = vscode.workspace.createFileSystemWatcher('**/*');
  let pending = new Map<string, Kind>();
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    timer = undefined;
    const changes = [...pending].map(([path, kind]) => ({ path, kind }));
    pending = new Map();
    engine.notify(Method.FilesChanged, { changes });
  };
  const note = (kind: Kind) => (uri: vscode.Uri) => {
    if (uri.scheme !== 'file') return;
    pending.set(pathOf(uri), kind);
    timer ??= setTimeout(flush, PAUSE);
  };
  return vscode.Disposable.from(
    watcher,
    watcher.onDidCreate(note('created')),
    watcher.onDidChange(note('changed')),
    watcher.onDidDelete(note('deleted')),
    { dispose: () => clearTimeout(timer) },
  );
}
