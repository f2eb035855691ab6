import { createRequire } from 'node:module';

/**
 * A module of Node that only some answers need, loaded when first asked for. `tabstop grep` is done within 60 ms where it is done with little: an import of
 * `node:net`, `node:zlib` or `node:child_process` is 3 to 8 ms of that, for what most answers do without.
 */
export const onDemand: <Module>(name: string) => Module = createRequire(import.meta.url);
