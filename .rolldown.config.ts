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
  entryFileNames: '[name].cjs',
  dynamicImportInCjs: false,
} satisfies OutputOptions

/** Small, with names that a stack trace can be read by. */
const readable = { mangle: false, compress: true, codegen: { removeWhitespace: true } }

/** Lazy parts of the cached path, each a file of its own. Whatever else it imports lazily is the whole program. */
const lazyParts = ['keychain', 'native-keychain', 'keychain-errors', 'encrypted-file']

/** One self-contained file whose lazy imports are other files of `dist/`. */
function singleFile(name: string, input: string, banner = ''): RolldownOptions {
  return {
    ...common,
    input: { [name]: input },
    plugins: [
      {
        name: 'lazy-parts-apart',
        resolveId: (specifier, _importer, { kind }) =>
          kind === 'dynamic-import' && specifier.startsWith('.')
            ? { id: partOf(specifier), external: true }
            : null,
      },
    ],
    output: { ...output, codeSplitting: false, minify: true, banner },
  }
}

function partOf(specifier: string): string {
  const name = specifier.slice(2, -'.ts'.length)
  return `./${lazyParts.includes(name) ? name : 'program'}.cjs`
}

/*
 * CommonJS bundles. `sesame.cjs` is the cached path alone, one small file: a CommonJS start is a third cheaper than an ES
 * module's, and whatever a file holds must be read and parsed. Everything else is `program.cjs` and its chunks, which
 * `sesame.cjs` loads when the store has no fresh answer.
 */
export default defineConfig([
  {
    ...common,
    input: { program: 'src/cli/main.ts' },
    output: { ...output, cleanDir: true, minify: readable, chunkFileNames: 'chunks/[name]-[hash].cjs' },
  },
  singleFile('sesame', 'src/cli/bin.ts', '#!/usr/bin/env node'),
  ...lazyParts.map((name) => singleFile(name, `src/store/${name}.ts`)),
])
