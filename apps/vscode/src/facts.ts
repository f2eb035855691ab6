import {
  type FactsAt,
  type FactsIn,
  type FactsRange,
  type FactsRename,
  Method,
  type WireCodeAction,
  type WireDiagnostic,
  type WireEdit,
  type WireFileEdits,
  type WireLocation,
  type WireSymbol,
} from '@tabstop/protocol';
import * as vscode from 'vscode';
import type { CancellationToken, MessageConnection } from 'vscode-jsonrpc/node';
import { pathOf, rangeOf, spanOf } from './convert.ts';
import { recentAnswers } from './recent-answers.ts';
import { type LineStarts, lineStarts } from './sync/line-starts.ts';

/** A language server that takes longer is treated as having no answer. Milliseconds. */
const PATIENCE = 5_000;

/** Answers the engine's `facts/*` requests from the language extensions that the user has. `null`: no provider, no answer, or too late. */
export function answerFacts(connection: MessageConnection): void {
  const answer = <P extends FactsIn, R>(
    method: string,
    handler: (document: vscode.TextDocument, params: P, texts: Texts) => Promise<R | null>,
  ) => {
    connection.onRequest<unknown, void>(method, async (params: P, token: CancellationToken): Promise<unknown> => {
      const document = openDocument(params.path);
      // The engine asked about a text that has changed since: its offsets mean nothing now.
      if (!document || document.version !== params.version) return null;
      return inTime(handler(document, params, new Texts()), token);
    });
  };

  const recent = recentAnswers(Date.now);
  answer<FactsAt, WireLocation[]>(Method.FactsReferences, (document, params, texts) =>
    recent.get(`references ${params.version} ${params.offset} ${params.path}`, () =>
      references(document, params, texts),
    ),
  );
  const references = async (document: vscode.TextDocument, { offset }: FactsAt, texts: Texts) => {
    const found = await run<vscode.Location[]>(
      'vscode.executeReferenceProvider',
      document.uri,
      document.positionAt(offset),
    );
    return found && Promise.all(found.map((one) => texts.location(one.uri, one.range)));
  };
  answer<FactsAt, WireLocation[]>(Method.FactsDefinition, async (document, { offset }, texts) => {
    const found = await run<(vscode.Location | vscode.LocationLink)[]>(
      'vscode.executeDefinitionProvider',
      document.uri,
      document.positionAt(offset),
    );
    return (
      found &&
      Promise.all(
        found.map((one) =>
          'targetUri' in one
            ? texts.location(one.targetUri, one.targetSelectionRange ?? one.targetRange)
            : texts.location(one.uri, one.range),
        ),
      )
    );
  });
  answer<FactsRename, WireFileEdits[]>(Method.FactsRename, async (document, { offset, newName }, texts) => {
    const edit = await run<vscode.WorkspaceEdit>(
      'vscode.executeDocumentRenameProvider',
      document.uri,
      document.positionAt(offset),
      newName,
    );
    return edit && fileEdits(edit, texts);
  });
  answer<FactsIn, WireDiagnostic[]>(Method.FactsDiagnostics, async (document) =>
    vscode.languages.getDiagnostics(document.uri).map((one) => wireDiagnostic(document, one)),
  );
  answer<FactsRange, WireCodeAction[]>(Method.FactsCodeActions, async (document, { start, end }, texts) => {
    const found = await run<(vscode.CodeAction | vscode.Command)[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      rangeOf(document, start, end),
      undefined,
      // Edits are computed on demand; these many are resolved.
      20,
    );
    if (!found) return null;
    const actions = found.filter((one): one is vscode.CodeAction => 'edit' in one && one.edit !== undefined);
    return Promise.all(
      actions.map(async (one) => ({
        title: one.title,
        kind: one.kind?.value,
        preferred: one.isPreferred ?? false,
        edits: await fileEdits(one.edit!, texts),
      })),
    );
  });
  answer<FactsIn, WireSymbol[]>(Method.FactsSymbols, async (document) => {
    const found = await run<(vscode.DocumentSymbol | vscode.SymbolInformation)[]>(
      'vscode.executeDocumentSymbolProvider',
      document.uri,
    );
    return found?.map((one) => wireSymbol(document, one)) ?? null;
  });
}

/** Providers throw for what they cannot do (a rename of a keyword): that is no answer, not an error of ours. */
async function run<T>(command: string, ...args: unknown[]): Promise<T | null> {
  try {
    return (await vscode.commands.executeCommand<T | undefined>(command, ...args)) ?? null;
  } catch {
    return null;
  }
}

function inTime<T>(work: Promise<T | null>, token: CancellationToken): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(null), PATIENCE);
    const subscription = token.onCancellationRequested(() => resolve(null));
    work.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      subscription.dispose();
    });
  });
}

function openDocument(path: string): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find((document) => pathOf(document.uri) === path && !document.isClosed);
}

/** Offsets in documents that are open, and in files on disk, each read once per request. */
class Texts {
  readonly #onDisk = new Map<string, Promise<LineStarts>>();

  async location(uri: vscode.Uri, range: vscode.Range): Promise<WireLocation> {
    const [start, end] = await this.span(uri, range);
    return { path: pathOf(uri), start, end };
  }

  async span(uri: vscode.Uri, range: vscode.Range): Promise<readonly [number, number]> {
    const open = openDocument(pathOf(uri));
    if (open) return spanOf(open, range);
    const key = uri.toString();
    let starts = this.#onDisk.get(key);
    if (!starts) {
      starts = Promise.resolve(vscode.workspace.fs.readFile(uri)).then((bytes) =>
        lineStarts(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)),
      );
      this.#onDisk.set(key, starts);
    }
    const { offsetAt } = await starts;
    return [offsetAt(range.start.line, range.start.character), offsetAt(range.end.line, range.end.character)];
  }
}

function fileEdits(edit: vscode.WorkspaceEdit, texts: Texts): Promise<WireFileEdits[]> {
  return Promise.all(
    edit.entries().map(async ([uri, edits]) => ({
      path: pathOf(uri),
      edits: await Promise.all(
        edits.map(async (one): Promise<WireEdit> => [...(await texts.span(uri, one.range)), one.newText]),
      ),
    })),
  );
}

const SEVERITIES = ['error', 'warning', 'info', 'hint'] as const;

function wireDiagnostic(document: vscode.TextDocument, one: vscode.Diagnostic): WireDiagnostic {
  const [start, end] = spanOf(document, one.range);
  const code = typeof one.code === 'object' ? one.code.value : one.code;
  return {
    path: pathOf(document.uri),
    start,
    end,
    message: one.message,
    severity: SEVERITIES[one.severity],
    code: code === undefined ? undefined : String(code),
    source: one.source,
  };
}

function wireSymbol(document: vscode.TextDocument, one: vscode.DocumentSymbol | vscode.SymbolInformation): WireSymbol {
  const kind = vscode.SymbolKind[one.kind].toLowerCase();
  if ('location' in one) {
    const [start, end] = spanOf(document, one.location.range);
    return { name: one.name, kind, start, end, nameStart: start, nameEnd: end, children: [] };
  }
  const [start, end] = spanOf(document, one.range);
  const [nameStart, nameEnd] = spanOf(document, one.selectionRange);
  const children = one.children.map((child) => wireSymbol(document, child));
  return { name: one.name, kind, start, end, nameStart, nameEnd, children };
}
