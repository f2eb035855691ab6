export * from './clock.ts';
export * from './marked.ts';
export * from './random.ts';
