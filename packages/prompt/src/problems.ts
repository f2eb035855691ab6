/** The tree breaks a rule of the language: a message within a message, a share above 1, a negative limit. */
export class PromptShapeError extends Error {
  override readonly name = 'PromptShapeError';
  /** Names of the parts from the root to the place. */
  readonly path: string;
  constructor(message: string, path: string) {
    super(path === '' ? message : `${message} (in ${path})`);
    this.path = path;
  }
}

/** Not even what is required fits. `required` counts reserved tokens too. */
export class PromptBudgetError extends Error {
  override readonly name = 'PromptBudgetError';
  readonly required: number;
  readonly budget: number;
  constructor(required: number, budget: number) {
    super(`The required parts of the prompt take ${required} tokens, the budget is ${budget}.`);
    this.required = required;
    this.budget = budget;
  }
}

/** A tokenizer could not be made: an unknown name, or a tokenizer.json that the library cannot read. */
export class TokenizerError extends Error {
  override readonly name = 'TokenizerError';
}
