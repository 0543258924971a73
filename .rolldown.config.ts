import { defineConfig } from 'rolldown'

/*
 * The program is one CommonJS entry with lazy chunks beside it: an ES module start costs a third more than a CommonJS
 * one, and the cached path must not even parse what it does not use. The native keychain binding stays outside.
 */
export default defineConfig({
  input: { sesame: 'src/cli/bin.ts' },
  platform: 'node',
  external: [/^@napi-rs\/keyring/],
  treeshake: { moduleSideEffects: [{ test: /\/src\/(?!cli\/bin)/, sideEffects: false }] },
  output: {
    dir: 'dist',
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: 'chunks/[name]-[hash].cjs',
    banner: (chunk) => (chunk.isEntry ? '#!/usr/bin/env node' : ''),
    cleanDir: true,
    comments: { legal: true, annotation: false, jsdoc: false },
  },
})
