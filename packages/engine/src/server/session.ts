import {
  DocumentChange,
  DocumentClose,
  DocumentCursor,
  DocumentOpen,
  DocumentReadOnly,
  ErrorCode,
  FilesChanged,
  FoldersChanged,
  type IndexSettings,
  InitializeParams,
  type InitializeResult,
  Method,
  PROTOCOL_VERSION,
  Settings,
} from '@tabstop/protocol';
import { z } from 'zod';
import { type LanguageFacts, noLanguageFacts } from '../workspace/language-facts.ts';
import type { Engine } from './compose.ts';
import type { Connection } from './connection.ts';
import { createDocumentSync } from './document-sync.ts';
import type { IndexService } from './index-service.ts';
import type { WireLimits } from './limits.ts';
import type { Log } from './log.ts';
import { RequestError } from './request-error.ts';
import { handleSearch } from './search-handlers.ts';
import { handleTab } from './tab-handlers.ts';
import { createWireFacts } from './wire-facts.ts';

/** What the client has told at the start, for building the features. */
export interface EngineInit {
  readonly folders: readonly string[];
  readonly dataDir: string;
  readonly facts: LanguageFacts;
}

export interface SessionOptions {
  readonly connection: Connection;
  readonly limits: WireLimits;
  readonly log: Log;
  readonly engineVersion: string;
  readonly pid: number;
  readonly now: () => number;
  readonly setTimeout: (callback: () => void, delay: number) => unknown;
  readonly clearTimeout: (timer: unknown) => void;
  /** Builds the features; called once, when the client has introduced itself. */
  readonly start: (init: EngineInit) => Engine;
  /** The index beside them, which opens by itself when the start is over; called once, right after `start`. */
  readonly startIndex: (init: Pick<EngineInit, 'folders' | 'dataDir'>, settings: IndexSettings) => IndexService;
  /** Somebody waits for a prediction: what runs beside is to give way. */
  readonly onAsked: () => void;
  /** The client asked to finish; its request has been answered. */
  readonly onShutdown: () => void;
}

/** Milliseconds a language fact may take the client. */
const FACTS_TIMEOUT = 3_000;

const Empty = z.object({});

/** One client: handshake, the mutating loop, the features' requests. */
export function startSession(options: SessionOptions): void {
  const { connection, limits, log } = options;
  let engine: Engine | undefined;
  let index: IndexService | undefined;
  let warned = false;
  const documents = createDocumentSync({
    limits,
    now: options.now,
    log,
    resend: (path, reason) => connection.notify(Method.DocumentResend, { path, reason }),
  });

  function started(): Engine {
    if (!engine) throw new RequestError(ErrorCode.NotInitialized, 'the first request must be initialize');
    return engine;
  }

  function startedIndex(): IndexService {
    started();
    return index!;
  }

  /** Notifications before `initialize` are dropped, with one line in the log. */
  function on<Schema extends z.ZodType>(method: string, schema: Schema, handler: (params: z.output<Schema>) => void) {
    connection.onNotification(method, schema, (params) => {
      if (engine) handler(params);
      else if (!warned) {
        warned = true;
        log('warn', `${method} came before initialize and is dropped, as all notifications until then`);
      }
    });
  }

  connection.onRequest(Method.Initialize, InitializeEnvelope, (envelope): InitializeResult => {
    if (envelope.protocolVersion !== PROTOCOL_VERSION)
      throw new RequestError(
        ErrorCode.VersionMismatch,
        `This engine (${options.engineVersion}) speaks version ${PROTOCOL_VERSION} of the protocol, the client version ${envelope.protocolVersion}. Install both from the same release.`,
      );
    if (engine) throw new RequestError(ErrorCode.BadParams, 'initialize was answered already');
    const parsed = InitializeParams.safeParse(envelope);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw new RequestError(ErrorCode.BadParams, `initialize: ${issue?.path.join('.')}: ${issue?.message}`);
    }
    const params = parsed.data;
    const facts = params.facts
      ? createWireFacts({
          ask: connection.ask,
          snapshot: () => documents.snapshot,
          log,
          timeout: FACTS_TIMEOUT,
          now: options.now,
          pending: limits.pendingFacts,
          setTimeout: options.setTimeout,
          clearTimeout: options.clearTimeout,
        })
      : noLanguageFacts;
    documents.setFolders(params.folders);
    engine = options.start({
      folders: params.folders,
      dataDir: params.dataDir,
      facts,
    });
    engine.tab.configure(params.settings.tab);
    index = options.startIndex(params, params.settings.index);
    log('info', `engine ${options.engineVersion} serves ${params.client.name} ${params.client.version}`);
    return { protocolVersion: PROTOCOL_VERSION, engineVersion: options.engineVersion, pid: options.pid };
  });
  connection.onRequest(Method.Ping, Empty, () => 'pong');
  connection.onRequest(Method.Shutdown, Empty, () => {
    // After the answer has been written.
    setImmediate(() => void connection.flush().then(options.onShutdown));
    return null;
  });

  on(Method.SettingsChanged, Settings, (settings) => {
    started().tab.configure(settings.tab);
    startedIndex().configure(settings.index);
  });
  on(Method.FoldersChanged, FoldersChanged, ({ folders }) => {
    documents.setFolders(folders);
    started().setFolders(folders);
    startedIndex().setFolders(folders);
  });
  on(Method.FilesChanged, FilesChanged, ({ changes }) => started().filesChanged(changes));
  /** Documents change here alone; the features hear of it at once. */
  function onDocument<Schema extends z.ZodType>(
    method: string,
    schema: Schema,
    apply: (params: z.output<Schema>) => void,
  ) {
    on(method, schema, (params) => {
      apply(params);
      started().observe(documents.snapshot);
    });
  }
  onDocument(Method.DocumentOpen, DocumentOpen, documents.open);
  onDocument(Method.DocumentChange, DocumentChange, documents.change);
  onDocument(Method.DocumentClose, DocumentClose, ({ path }) => documents.close(path));
  onDocument(Method.DocumentReadOnly, DocumentReadOnly, ({ path, readOnly }) => documents.setReadOnly(path, readOnly));
  on(Method.DocumentCursor, DocumentCursor, documents.moveCursor);
  handleTab({ connection, documents, tab: () => started().tab, onAsked: options.onAsked });
  handleSearch({ connection, snapshot: () => documents.snapshot, service: startedIndex });
}

/** The version is looked at first: of a client of another version nothing else can be expected to fit. */
const InitializeEnvelope = z.looseObject({ protocolVersion: z.number().int() });
