import { defineConfig, type OutputOptions, type RolldownOptions } from 'rolldown'

const common = {
  platform: 'node',
  // The keychain's native binding is a package of its own for each platform.
  external: [/^@napi-rs\/keyring/],
  treeshake: { moduleSideEffects: [{ test: /\/src\/(?!cli\/bin)/, sideEffects: false }] },
} satisfies RolldownOptions

const output = {
  dir: 'dist',
  format: 'cjs',
  minify: { mangle: false, compress: true, codegen: { removeWhitespace: true } },
} satisfies OutputOptions

/*
 * Two CommonJS bundles. `sesame.cjs` is the cached path alone, one small file: a CommonJS start is a third cheaper than
 * an ES module's, and whatever a file holds must be read and parsed. Everything else is `program.cjs` and its lazy
 * chunks, which `sesame.cjs` loads when the store has no fresh answer.
 */
export default defineConfig([
  {
    ...common,
    input: { program: 'src/cli/main.ts' },
    output: {
      ...output,
      cleanDir: true,
      entryFileNames: '[name].cjs',
      chunkFileNames: 'chunks/[name]-[hash].cjs',
    },
  },
  {
    ...common,
    input: { sesame: 'src/cli/bin.ts' },
    plugins: [
      {
        name: 'whole-program-apart',
        resolveId: (specifier) =>
          specifier === './main.ts' ? { id: './program.cjs', external: true } : null,
      },
    ],
    output: { ...output, codeSplitting: false, entryFileNames: '[name].cjs', banner: '#!/usr/bin/env node' },
  },
])
