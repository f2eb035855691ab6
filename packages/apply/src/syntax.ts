/** A named definition: function, class, method, type, constant with a function. Lines are 0-based, end exclusive. */
export interface SyntaxSymbol {
  readonly name: string;
  readonly kind: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Syntax trees as this package needs them. A port, so that the package loads no grammar itself; both members answer
 * undefined where there is none for the language of `path`. Synchronous: the adapter has its grammars loaded before.
 */
export interface Syntax {
  symbols(text: string, path: string): readonly SyntaxSymbol[] | undefined;
  /** Number of places that do not parse. */
  errors(text: string, path: string): number | undefined;
}
