export { applyEdit, filesFor, MAX_DOCUMENT } from './apply.ts';
export { changeLines, type Document, type LineChange, readDocument } from './document.ts';
export {
  type Candidate,
  type ConcreteFormat,
  EDIT_FORMATS,
  type EditFormat,
  type FailureReason,
  type FileEdit,
  type Hunk,
  type HunkResult,
  type LineRange,
  type ParsedEdit,
  type ParseProblem,
  type Row,
} from './edit.ts';
export { FAILURE_MESSAGES } from './messages.ts';
export { isPlaceholder } from './lazy/placeholder.ts';
export { createEditParser, type EditParser, parseEdit } from './parse/parser.ts';
export type { EditEvents } from './parse/sink.ts';
export { looksLikePath, samePath } from './parse/path.ts';
export type { ApplyOptions, ApplyResult } from './result.ts';
export type { Syntax, SyntaxSymbol } from './syntax.ts';
export {
  ChangedSinceReadError,
  type FileWrite,
  planWrites,
  type WriteEffects,
  WriteFailedError,
  WritePlanError,
  writeFilesAtomically,
} from './write.ts';
export { rebaseEdit } from './rebase.ts';
export { type ApplyStream, createApplyStream, decorate, type DiffLine, type FileProgress } from './stream.ts';
