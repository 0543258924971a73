import { readFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { defineConfig, type OutputOptions, type Plugin, type RolldownOptions } from 'rolldown'
import { isolatedDeclarationSync } from 'rolldown/experimental'
import { runtimeCheck } from './packaging/runtime-check.ts'
import { thirdPartyNotices } from './packaging/third-party-notices.ts'
import { members } from './src/profiles/members.ts'

const common = {
  platform: 'node',
  // A native binding is a package of its own for each platform; the others are optional peers.
  external: [/^@napi-rs\/keyring/, 'libsql', '@redis/client'],
  // Its entry for Node is UMD, whose `require` no bundler follows.
  resolve: { alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' } },
} satisfies RolldownOptions

const output = {
  dir: 'dist',
  format: 'cjs',
  entryFileNames: '[name].cjs',
  dynamicImportInCjs: false,
} satisfies OutputOptions

/**
 * Packages that others ask for in case they are there. They are no dependencies of ours: a user who can write to a
 * `node_modules` above the installation must not decide what runs.
 */
const undeclared: Plugin = {
  name: 'undeclared',
  resolveId: (specifier) => (specifier === 'supports-color' ? '\0undeclared' : null),
  load: (id) => (id === '\0undeclared' ? 'module.exports = {}' : null),
}

/**
 * What the reader of the configuration needs of the table of settings is worked out here: the cached path, where every byte is
 * read and parsed at each start, carries this result and not the table with all its words.
 */
const settledMembers: Plugin = {
  name: 'settled-members',
  load: (id) =>
    id.endsWith(join('src', 'profiles', 'members.ts'))
      ? `export const members = ${JSON.stringify(members)}`
      : null,
}

/**
 * Modules of Node are loaded where they are first used and not at the beginning of a chunk: `sst verify` would load `node:http` and
 * `node:net`, as a sign-in in the browser needs them. Those that every command needs stay.
 */
const lateNodeModules: Plugin = {
  name: 'late-node-modules',
  renderChunk(code) {
    let late = code
    for (const [statement, name = '', module = ''] of code.matchAll(requiredFirst)) {
      if (module === 'node:fs' || module === 'node:path') continue
      const uses = new RegExp(`(?<![\\w$.])${name.replaceAll('$', '\\$')}(?![\\w$])`, 'g')
      const rest = late.replace(statement, '')
      // As a whole it is used where a package wants the default export.
      const isWhole = [...rest.matchAll(uses)].some(
        ({ 0: found, index }) => rest[index + found.length] !== '.',
      )
      // In brackets, as `new require()` would make what `require` makes.
      if (!isWhole) late = rest.replace(uses, `(require("${module}"))`)
    }
    return late
  },
}
const requiredFirst = /^let (node_[\w$]+) = require\("(node:[\w/]+)"\);\n/gm

/** Takes Node 9 ms to make, and is needed for a text that is not ASCII. */
const lateSegmenter: Plugin = {
  name: 'late-segmenter',
  transform(code, id) {
    if (!/[\\/]string-width[\\/]index\.js$/.test(id) || !code.includes('new Intl.Segmenter()')) return null
    const late =
      'let late;\nconst segmenter = { segment: (text) => (late ??= new Intl.Segmenter()).segment(text) };'
    const changed = code.replace('const segmenter = new Intl.Segmenter();', late)
    if (changed === code) this.error(`${id} makes its segmenter in another way`)
    return changed
  },
}

const notices = thirdPartyNotices()

/** Small, with names that a stack trace can be read by. */
const readable = { mangle: false, compress: true, codegen: { removeWhitespace: true } }

/** Lazy parts of the cached path, each a file of its own. Whatever else it imports lazily is the whole program. */
const lazyParts: Record<string, string> = {
  keychain: 'src/store/keychain.ts',
  'native-keychain': 'src/store/native-keychain.ts',
  'keychain-errors': 'src/store/keychain-errors.ts',
  'ask-user': 'src/store/secret-service/ask-user.ts',
  'encrypted-file': 'src/store/encrypted-file/encrypted-file.ts',
  'wait-for-result': 'src/cli/wait-for-result.ts',
  'run-program': 'src/cli/run-program.ts',
  'login-card': 'src/cli/login-card/login-card.ts',
  'speak-language': 'src/cli/speak-language.ts',
  zh: 'src/language/zh/index.ts',
}

/** One self-contained file whose lazy imports are other files of `dist/`. */
function singleFile(
  name: string,
  input: string,
  more: { banner?: string; target?: string } = {},
): RolldownOptions {
  const { banner = '', target } = more
  return {
    ...common,
    ...(target !== undefined && { transform: { target } }),
    input: { [name]: input },
    plugins: [
      settledMembers,
      {
        name: 'lazy-parts-apart',
        resolveId: (specifier, _importer, { kind }) =>
          kind === 'dynamic-import' && specifier.startsWith('.')
            ? { id: partOf(specifier), external: true }
            : null,
      },
      lateSegmenter,
      lateNodeModules,
      notices,
    ],
    output: { ...output, codeSplitting: false, minify: true, banner },
  }
}

function partOf(specifier: string): string {
  const name = basename(specifier.replace(/\/index\.ts$/, ''), '.ts')
  return `./${name in lazyParts ? name : 'program'}.cjs`
}

/**
 * The library's declarations: its entry points and what their types are made of. Beside them a package.json says CommonJS, as
 * the bundles are; with it one set of declarations holds for `import` and for `require`.
 */
function declarations(...entries: readonly string[]): Plugin {
  return {
    name: 'declarations',
    generateBundle() {
      const emit = (fileName: string, source: string) => this.emitFile({ type: 'asset', fileName, source })
      const files = new Map<string, Set<string>>(entries.map((file) => [file, new Set(['*'])]))
      const written = new Map<string, string>()
      const declare = (file: string) => {
        const names = files.get(file) ?? new Set()
        const { code, errors } = isolatedDeclarationSync(file, only(names, readFileSync(file, 'utf8')))
        if (errors.length > 0) this.error(`${file}: ${errors[0]?.message}`)
        written.set(file, code)
        for (const [, list = '*', specifier = ''] of code.matchAll(reference)) {
          const target = join(dirname(file), specifier)
          const known = files.get(target) ?? new Set()
          const more = namesIn(list).filter((name) => !known.has(name))
          if (more.length === 0) continue
          files.set(target, new Set([...known, ...more]))
          declare(target)
        }
      }
      for (const file of entries) declare(file)
      for (const [file, code] of written)
        emit(
          `types/${relative('src', file).slice(0, -'.ts'.length)}.d.ts`,
          code.replace(/(from "\.{1,2}\/[\w./-]+)\.ts"/g, '$1.js"'),
        )
      emit('types/package.json', '{ "type": "commonjs" }\n')
    },
  }
}

/** An import, or an export of what another file has: which names, and where from. */
const reference = /(?:\{([^{}]*)\}|\*) from "(\.{1,2}\/[\w./-]+\.ts)"/g

function namesIn(list: string): string[] {
  const names = list.split(',').map((each) => each.trim().replace(/^type /, ''))
  return names.filter((name) => name !== '').map((name) => name.replace(/ as .*/, ''))
}

/** Of a module's `index.ts`, which only lists names, those that are asked for; every other file whole. */
function only(names: ReadonlySet<string>, source: string): string {
  if (names.has('*')) return source
  return source.replace(/export (type )?\{([^{}]*)\} from ('[^']+')\n?/g, (_, type = '', list, from) => {
    const kept = list
      .split(',')
      .map((each: string) => each.trim())
      .filter((each: string) => names.has(each.replace(/^type /, '').replace(/.* as /, '')))
    return kept.length === 0 ? '' : `export ${type}{ ${kept.join(', ')} } from ${from}\n`
  })
}

/** The library's entry points. */
const entries = {
  index: 'src/index.ts',
  token: 'src/jwt.ts',
  oss: 'src/oss.ts',
  sst: 'src/sst.ts',
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
    input: { program: 'src/cli/main.ts', ...entries },
    plugins: [
      settledMembers,
      undeclared,
      declarations(...Object.values(entries)),
      lateSegmenter,
      lateNodeModules,
      notices,
    ],
    output: { ...output, cleanDir: true, minify: readable, chunkFileNames: 'chunks/[name]-[hash].cjs' },
  },
  // Whichever Node.js comes first in the PATH has to parse it, to get to the check at its beginning.
  singleFile('sesame', 'src/cli/bin.ts', {
    banner: `#!/usr/bin/env node\n${runtimeCheck}`,
    target: 'es2019',
  }),
  ...Object.entries(lazyParts).map(([name, input]) => singleFile(name, input)),
])
