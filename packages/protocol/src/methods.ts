/** Every method of the wire. `->` client to engine, `<-` engine to client; requests are answered, the rest are notifications. */
export const Method = {
  /** -> request: InitializeParams, InitializeResult */
  Initialize: 'initialize',
  /** -> and <- request: a liveness check, answered with `pong`. */
  Ping: 'ping',
  /** -> request: finish and exit 0. */
  Shutdown: 'shutdown',
  /** <- LogMessage */
  Log: 'log',
  /** -> Settings */
  SettingsChanged: 'settings/changed',
  FoldersChanged: 'folders/changed',
  FilesChanged: 'files/changed',
  DocumentOpen: 'document/open',
  DocumentChange: 'document/change',
  DocumentClose: 'document/close',
  DocumentReadOnly: 'document/readOnly',
  DocumentCursor: 'document/cursor',
  DocumentResend: 'document/resend',
  TabPredict: 'tab/predict',
  TabFeedback: 'tab/feedback',
  TabExplain: 'tab/explain',
  /** -> request: TabWalk, TabWalkResult */
  TabWalk: 'tab/walk',
  /** -> TabSkip */
  TabSkip: 'tab/skip',
  TabStatus: 'tab/status',
  /** <- no params: a source that was late has something now; ask again if the user has not moved on. */
  TabRefresh: 'tab/refresh',
  TabStats: 'tab/stats',
  TabClearFeedback: 'tab/clearFeedback',
  /** <- IndexStatusParams */
  IndexStatus: 'index/status',
  /** -> requests: IndexControl, none, IndexExplain */
  IndexControl: 'index/control',
  IndexSkipped: 'index/skipped',
  IndexExplain: 'index/explain',
  /** -> requests: SearchQueryParams, SearchGrep, SearchRelated */
  SearchQuery: 'search/query',
  SearchGrep: 'search/grep',
  SearchRelated: 'search/related',
  FactsReferences: 'facts/references',
  FactsDefinition: 'facts/definition',
  FactsRename: 'facts/rename',
  FactsDiagnostics: 'facts/diagnostics',
  FactsCodeActions: 'facts/codeActions',
  FactsSymbols: 'facts/symbols',
} as const;

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error';
/** `log` (notification, engine -> client). Never holds document text. */
export interface LogMessage {
  readonly level: LogLevel;
  readonly message: string;
}
