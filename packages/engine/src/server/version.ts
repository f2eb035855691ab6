/** Version of the engine: that of its package.json, as a test makes sure. It stays in the source so that the bundle needs no file beside it. */
export const ENGINE_VERSION = '0.1.0';
