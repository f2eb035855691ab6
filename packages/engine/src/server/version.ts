import manifest from '../../package.json' with { type: 'json' };

/** Version of the engine, as in its package. */
export const ENGINE_VERSION: string = manifest.version;
