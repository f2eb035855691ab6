/**
 * Packages whose sources are published with them, split so that nothing of one split is written by the people of another. `npm install --ignore-scripts` them
 * into a folder of their own and name its node_modules with `--packages`.
 */
export const TRAIN = [
  'viem',
  'rxjs',
  'mobx',
  'openai',
  '@tanstack/router-core',
  'msw',
  'ethers',
  'svelte',
  'ai',
  'prosemirror-view',
  'preact',
  '@trpc/server',
  '@effect/platform',
] as const;
export const DEV = [
  '@reduxjs/toolkit',
  'ox',
  '@wagmi/core',
  'abitype',
  'immer',
  'three',
  'prosemirror-model',
  'kysely',
  'hono',
] as const;
