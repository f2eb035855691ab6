/** JSON as it is merged here. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * `overlay` laid over `base`: objects are merged key by key, anything else is replaced, and null removes the key.
 * Pure and idempotent: laying the same overlay over the result changes nothing.
 */
export function layOver(base: Json, overlay: Json): Json {
  if (!isObject(overlay)) return overlay;
  const result: Record<string, Json> = isObject(base) ? { ...base } : {};
  for (const [key, value] of Object.entries(overlay)) {
    if (value === null) delete result[key];
    else result[key] = layOver(result[key] ?? null, value);
  }
  return result;
}

function isObject(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The workbench without what leads to a sign-in, where no setting does it and the default is compiled in: the Accounts menu is put away until a user shows it (right click
 * on the activity bar), the palette has no command that sets a hosted chat up, and the extension that signs in is not asked for. A workbench of another
 * shape is left as it is.
 */
export function withoutSignIn(workbench: string): string {
  return workbench
    .replace('ACCOUNTS_VISIBILITY_PREFERENCE_KEY,0,!0)', 'ACCOUNTS_VISIBILITY_PREFERENCE_KEY,0,!1)')
    .replace(/(CHAT_SETUP_ACTION_LABEL,category:[\w$]+,f1:)!0/, '$1!1')
    .replace(/,\{extensionPath:"github-authentication",[\s\S]*?(?=,\{extensionPath:")/, '');
}
