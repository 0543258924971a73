import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { defineConfig, type OutputOptions, type Plugin, type RolldownOptions } from 'rolldown'
import { isolatedDeclarationSync } from 'rolldown/experimental'
import { thirdPartyNotices } from './scripts/third-party-notices.ts'

const common = {
  platform: 'node',
  // A native binding is a package of its own for each platform; the others are optional peers.
  external: [/^@napi-rs\/keyring/, 'libsql', '@redis/client'],
} satisfies RolldownOptions

const output = {
  dir: 'dist',
  format: 'cjs',
  entryFileNames: '[name].cjs',
  dynamicImportInCjs: false,
} satisfies OutputOptions

/**
 * Packages that others ask for in case they are there. They are no dependencies of ours: whoever can write to a `node_modules`
 * above the installation must not decide what runs.
 */
const undeclared: Plugin = {
  name: 'undeclared',
  resolveId: (specifier) => (specifier === 'supports-color' ? '\0undeclared' : null),
  load: (id) => (id === '\0undeclared' ? 'module.exports = {}' : null),
}

const notices = thirdPartyNotices()

/** Small, with names that a stack trace can be read by. */
const readable = { mangle: false, compress: true, codegen: { removeWhitespace: true } }

/** Lazy parts of the cached path, each a file of its own. Whatever else it imports lazily is the whole program. */
const lazyParts: Record<string, string> = {
  keychain: 'src/store/keychain.ts',
  'native-keychain': 'src/store/native-keychain.ts',
  'keychain-errors': 'src/store/keychain-errors.ts',
  'encrypted-file': 'src/store/encrypted-file.ts',
  'wait-for-result': 'src/cli/wait-for-result.ts',
}

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
      notices,
    ],
    output: { ...output, codeSplitting: false, minify: true, banner },
  }
}

function partOf(specifier: string): string {
  const name = specifier.slice(2, -'.ts'.length)
  return `./${name in lazyParts ? name : 'program'}.cjs`
}

/**
 * The library's declarations: its front doors and what their types are made of. Beside them a package.json says CommonJS, as
 * the bundles are; with it one set of declarations holds for `import` and for `require`.
 */
function declarations(...doors: readonly string[]): Plugin {
  return {
    name: 'declarations',
    generateBundle() {
      const emit = (fileName: string, source: string) => this.emitFile({ type: 'asset', fileName, source })
      const files = new Set(doors)
      for (const file of files) {
        const { code, errors } = isolatedDeclarationSync(file, readFileSync(file, 'utf8'))
        if (errors.length > 0) this.error(`${file}: ${errors[0]?.message}`)
        for (const [, name = ''] of code.matchAll(/from "(\.{1,2}\/[\w./-]+\.ts)"/g))
          files.add(join(dirname(file), name))
        emit(
          `types/${relative('src', file).slice(0, -'.ts'.length)}.d.ts`,
          code.replace(/(from "\.{1,2}\/[\w./-]+)\.ts"/g, '$1.js"'),
        )
      }
      emit('types/package.json', '{ "type": "commonjs" }\n')
    },
  }
}

/** The library's front doors: `sesame-sso` itself, and the rooms that stand alone. */
const doors = {
  index: 'src/index.ts',
  token: 'src/token-library.ts',
  oss: 'src/oss/index.ts',
  sst: 'src/sst/index.ts',
}

/*
 * CommonJS bundles. `sesame.cjs` is the cached path alone, one small file: a CommonJS start is a third cheaper than an ES
 * module's, and whatever a file holds must be read and parsed. Everything else is `program.cjs` and its chunks, which
 * `sesame.cjs` loads when the store has no fresh answer. `index.cjs` and its sisters are the library; they share the chunks, and
 * their names are found by `import` too, so that a program has one copy however it is loaded.
 */
export default defineConfig([
  {
    ...common,
    input: { program: 'src/cli/main.ts', ...doors },
    plugins: [undeclared, declarations(...Object.values(doors)), notices],
    output: { ...output, cleanDir: true, minify: readable, chunkFileNames: 'chunks/[name]-[hash].cjs' },
  },
  singleFile('sesame', 'src/cli/bin.ts', '#!/usr/bin/env node'),
  ...Object.entries(lazyParts).map(([name, input]) => singleFile(name, input)),
])
