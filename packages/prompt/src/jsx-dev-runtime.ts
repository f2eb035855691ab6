/** What a bundler in development mode imports; the same functions. */
export { Fragment, type JSX, jsx as jsxDEV } from './jsx-runtime.ts';
