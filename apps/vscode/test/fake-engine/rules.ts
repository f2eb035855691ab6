/** What the fake engine suggests; the first rule that fits is answered. */
export type Rule =
  /** Ghost text `text` where the text before the cursor ends with `after` (and a beginning of `text`). */
  | { readonly kind: 'insert'; readonly after: string; readonly text: string; readonly source?: string }
  /** `find` becomes `replace` in the open document whose path ends with `file`, once the active document holds `when`. */
  | {
      readonly kind: 'edit';
      readonly find: string;
      readonly replace: string;
      readonly file?: string;
      readonly when?: string;
      /** Only while the active document's path ends so. */
      readonly active?: string;
      readonly source?: string;
    };
