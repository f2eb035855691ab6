import type { ChangeSet, Text } from '@codemirror/state';
import { stringOf, textOf } from './text-edit.ts';

/** Why Tab keeps out of a document; `undefined` where it does not. The reasons are shown to the user. */
export type Exclusion = 'too-large' | 'too-many-lines' | 'line-too-long' | 'binary' | 'read-only' | 'not-code';

/**
 * Beyond these nothing is predicted in a document. Over `codeUnits` its text is not even kept (`Snapshot.oversized`): the client sends the length
 * alone, and the text once it has shrunk.
 */
export const LIMITS = { codeUnits: 1_000_000, lines: 20_000, lineLength: 10_000 } as const;

/** Documents of these schemes are the user's code; every other (chat input, output, diff's left side, git:) is left alone. */
const CODE_SCHEMES = new Set(['file', 'untitled', 'vscode-notebook-cell', 'vscode-remote', 'vscode-vfs', 'memfs']);

export interface DocumentInit {
  /** The key everywhere: a file's path as the client names it, or the whole URI where there is no file. */
  readonly path: string;
  readonly languageId: string;
  readonly version: number;
  readonly text: string;
  readonly readOnly?: boolean;
  /** URI scheme; `file` unless told. */
  readonly scheme?: string;
}

/** One open document at one moment; a value. `update` gives the next one. */
export class Document {
  readonly path: string;
  readonly languageId: string;
  readonly version: number;
  readonly text: Text;
  readonly readOnly: boolean;
  readonly scheme: string;
  #string: string | undefined;
  #exclusion: Exclusion | undefined | null = null;

  private constructor(
    path: string,
    languageId: string,
    version: number,
    text: Text,
    readOnly: boolean,
    scheme: string,
  ) {
    this.path = path;
    this.languageId = languageId;
    this.version = version;
    this.text = text;
    this.readOnly = readOnly;
    this.scheme = scheme;
  }

  static open(init: DocumentInit): Document {
    const document = new Document(
      init.path,
      init.languageId,
      init.version,
      textOf(init.text),
      init.readOnly ?? false,
      init.scheme ?? 'file',
    );
    document.#string = init.text;
    return document;
  }

  /** A document of a text that is there already, as the history keeps them; it keeps that very text, so that what is cached by it is found. */
  static ofText(init: Omit<DocumentInit, 'text'> & { readonly text: Text }): Document {
    return new Document(
      init.path,
      init.languageId,
      init.version,
      init.text,
      init.readOnly ?? false,
      init.scheme ?? 'file',
    );
  }

  /** UTF-16 code units. */
  get length(): number {
    return this.text.length;
  }

  /** The raw text. Computed once per version: sources ask for it many times in one request. */
  get content(): string {
    this.#string ??= stringOf(this.text);
    return this.#string;
  }

  /** `\r\n` where the first line break is one, else `\n`: what an inserted line break has to be. */
  get eol(): '\n' | '\r\n' {
    return this.text.lines > 1 && this.text.line(1).text.endsWith('\r') ? '\r\n' : '\n';
  }

  /** Why nothing is predicted here, if so. */
  get exclusion(): Exclusion | undefined {
    if (this.#exclusion === null) this.#exclusion = excluded(this);
    return this.#exclusion;
  }

  update(changes: ChangeSet, version: number): Document {
    return new Document(this.path, this.languageId, version, changes.apply(this.text), this.readOnly, this.scheme);
  }

  withReadOnly(readOnly: boolean): Document {
    return readOnly === this.readOnly
      ? this
      : new Document(this.path, this.languageId, this.version, this.text, readOnly, this.scheme);
  }
}

function excluded(document: Document): Exclusion | undefined {
  if (!CODE_SCHEMES.has(document.scheme)) return 'not-code';
  if (document.readOnly) return 'read-only';
  if (document.length > LIMITS.codeUnits) return 'too-large';
  if (document.text.lines > LIMITS.lines) return 'too-many-lines';
  let longest = 0;
  for (const line of document.text.iterLines()) if (line.length > longest) longest = line.length;
  if (longest > LIMITS.lineLength) return 'line-too-long';
  if (document.text.sliceString(0, 8_000, '\n').includes('\0')) return 'binary';
  return undefined;
}
