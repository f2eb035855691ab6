export * from './documents.ts';
export * from './facts.ts';
export * from './handshake.ts';
export * from './methods.ts';
export * from './search.ts';
export * from './tab.ts';
