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
