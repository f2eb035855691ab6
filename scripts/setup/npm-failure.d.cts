/** A clear sentence for npm's output: the cause, and what to do. Pure. */
export function explainNpmFailure(log: string): string;
