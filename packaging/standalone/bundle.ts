import { createHash } from 'node:crypto'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { type OutputOptions, type Plugin, type RolldownOptions, rolldown } from 'rolldown'
import config from '../../rolldown.config.ts'
import { chinese } from '../../src/language/zh/index.ts'
import type { Binding } from './fetch-runtime.ts'
import type { Target } from './targets.ts'

/** What `bun build` gets: files beside each other whose `require` calls name one another. */
export interface Bundle {
  directory: string
  /** Relative to it, the program's entry point first; the keychain binding last. */
  files: string[]
  /** Of which code is in them. */
  moduleIds: string[]
}

/**
 * Writes the bundles of the npm package once more, for an executable: in the language of its runtime, with the optional peers that
 * it uses, and free of the paths of this machine.
 */
export async function writeBundle(
  target: Target,
  binding: Binding | undefined,
  directory: string,
): Promise<Bundle> {
  const moduleIds = new Set<string>()
  for (const options of (config as RolldownOptions[]).filter((each) => !isStore(each))) {
    const build = await rolldown(forExecutable(options, thisBuild(target, binding)))
    const output = { ...(options.output as OutputOptions), dir: directory, banner: '' }
    const written = await build.write({
      ...output,
      ...(isProgram(options) ? chunks : isSeldomRun(options, binding) && uncompiled),
    })
    for (const chunk of written.output)
      if (chunk.type === 'chunk') for (const id of chunk.moduleIds) moduleIds.add(id)
    await build.close()
  }
  const rest = readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.cjs') && file !== 'sesame.cjs')
  const files = ['sesame.cjs', ...rest.sort()]
  if (binding !== undefined) {
    writeFileSync(join(directory, embeddedName), binding.content)
    files.push(embeddedName)
  }
  return { directory, files, moduleIds: [...moduleIds].sort() }
}

/**
 * How deep functions are compiled ahead of time, which makes them start sooner and the executable larger. A chunk that stands in functions
 * is compiled that much less deep: its own code is, without the functions in it, or nothing of it.
 */
export const bytecodeDepth = 2
const ownCode = 1
const nothing = 3

/** What each sign-in loads beside what every command does, and what services call for each token. */
const oftenUsed = [/[\\/]node_modules[\\/]undici[\\/]/, /[\\/]src[\\/]http[\\/]/, /[\\/]src[\\/]sst[\\/]/]
const everyCommand = 'every-command'
const depthOf = ({ name, moduleIds }: { name: string; moduleIds: string[] }) => {
  const isOften = name === everyCommand || oftenUsed.some((form) => moduleIds.some((id) => form.test(id)))
  return isOften ? ownCode : nothing
}

/** One chunk of what every command loads: each file more takes 0.1 ms to find. */
const chunks: OutputOptions = {
  codeSplitting: { groups: [{ name: everyCommand, tags: ['$initial'] }] },
  intro: (chunk) => '(function(){'.repeat(depthOf(chunk)),
  outro: (chunk) => '})()'.repeat(depthOf(chunk)),
}

/** Parts of the cached path that a user at a terminal waits for, not a program; and the catalogue, which as data would gain nothing. */
const forPeople = ['zh', 'login-card', 'ask-user', 'keychain-errors']
/** Where no keychain binding is embedded, nothing calls the native one either. */
const isSeldomRun = ({ input }: RolldownOptions, binding: Binding | undefined) =>
  [...forPeople, ...(binding === undefined ? ['native-keychain'] : [])].some((name) =>
    Object.hasOwn(Object(input), name),
  )
const uncompiled: OutputOptions = {
  intro: '(function(){'.repeat(nothing),
  outro: '})()'.repeat(nothing),
}

/** The catalogue of texts is one file for both, the cached path and the program; packed it takes a third. */
const packedCatalogue: Plugin = {
  name: 'packed-catalogue',
  load(id) {
    if (!/[\\/]language[\\/]zh[\\/]index\.ts$/.test(id)) return null
    const packed = deflateRawSync(JSON.stringify(chinese), { level: 9 }).toString('base64')
    return `import { inflateRawSync } from 'node:zlib'
export const chinese = JSON.parse(inflateRawSync(Buffer.from('${packed}', 'base64')).toString())`
  },
}
const oneCatalogue: Plugin = {
  name: 'one-catalogue',
  resolveId: (specifier, _importer, { kind }) =>
    kind === 'dynamic-import' && specifier === './zh/index.ts' ? { id: '../zh.cjs', external: true } : null,
}

/** Stores that the cached path reads. */
const stores = ['keychain', 'encrypted-file']
const isStore = ({ input }: RolldownOptions) => stores.some((name) => Object.hasOwn(Object(input), name))

/**
 * They are in the file of the cached path: one of their own takes 0.3 ms to find, and once more what is in both. There they are imported as
 * everything else is: of what is imported late, and of all that it imports, each module would be begun by a function of its own.
 */
const storesInside: Plugin = {
  name: 'stores-inside',
  transform(code) {
    const imports: string[] = []
    const inside = code.replace(lateStore, (_, specifier) => {
      imports.push(`import * as lateStore${imports.length} from ${specifier}\n`)
      return `lateStore${imports.length - 1}`
    })
    return imports.length === 0 ? null : imports.join('') + inside
  },
}
const lateStore = new RegExp(`\\bawait import\\(('\\./(?:[\\w-]+/)*(?:${stores.join('|')})\\.ts')\\)`, 'g')

const isProgram = ({ input }: RolldownOptions) =>
  typeof input === 'object' && !Array.isArray(input) && 'program' in input

function forExecutable(options: RolldownOptions, thisBuild: Plugin): RolldownOptions {
  const { input, plugins, transform: _, ...rest } = options
  const kept = (Array.isArray(plugins) ? plugins : [plugins]) as Plugin[]
  return {
    ...rest,
    input: isProgram(options) ? { program: 'src/cli/main.ts' } : (input ?? []),
    // SQLite is the runtime's own, and the keychain binding is no package there.
    external: [/^@napi-rs\/keyring/, 'libsql'],
    plugins: [
      thisBuild,
      ...(isProgram(options) ? [oneCatalogue] : [storesInside, packedCatalogue]),
      fewRedisCommands,
      absent,
      seenModules,
      ...kept.filter(({ name }) => name !== 'declarations'),
    ],
    // A file of the executable has no path.
    transform: { define: { 'import.meta.url': '"file:///sesame"', 'import.meta.dirname': '"/"' } },
  }
}

/** What undici asks for in case of HTTP/2 and of bodies that are streams or forms, neither of which sesame has: 0.8 MB. */
const unused = /^node:http2$|[\\/]web[\\/]fetch[\\/]body\.js$/

/**
 * Packages that others ask for in case they are installed are absent, here where the bundle is made too: an executable looks for
 * nothing outside of itself.
 */
const absent: Plugin = {
  name: 'absent',
  async resolveId(specifier, importer, { kind }) {
    if (importer === undefined || kind === 'import-statement') return null
    if (unused.test(specifier)) return '\0absent'
    if (isBuiltin(specifier)) return null
    const found = await this.resolve(specifier, importer, { skipSelf: true })
    return found === null ? '\0absent' : null
  },
  load: (id) => (id === '\0absent' ? "throw new Error('This package is not in the executable.')" : null),
}

/** The commands of Redis that `sst/redis` gives, and those with which the client signs in: their modules, and what they are called by. */
const redisCommands = {
  MGET: 'mGet',
  SET: 'set',
  DBSIZE: 'dbSize',
  SCAN: 'scan',
  AUTH: 'auth',
  PING: 'ping',
  CLIENT_SETNAME: 'clientSetName',
  READONLY: 'readonly',
}

/** Of 800 commands and three kinds of client the executable needs these; the others would take 0.6 MB of the 115 allowed. */
const fewRedisCommands: Plugin = {
  name: 'few-redis-commands',
  resolveId: (specifier, importer = '') =>
    /[\\/]@redis[\\/]client[\\/]dist[\\/]index\.js$/.test(importer) &&
    /^\.\/lib\/(?:cluster|sentinel)$/.test(specifier)
      ? '\0other-client'
      : null,
  load(id) {
    if (id === '\0other-client') return 'exports.default = {}'
    if (!/[\\/]@redis[\\/]client[\\/]dist[\\/]lib[\\/]commands[\\/]index\.js$/.test(id)) return null
    for (const file of Object.keys(redisCommands))
      if (!existsSync(join(dirname(id), `${file}.js`))) this.error(`@redis/client has no command ${file}`)
    const all = Object.entries(redisCommands).flatMap(([file, name]) =>
      [file, name].map((key) => `${key}: require('./${file}').default`),
    )
    return `exports.__esModule = true; exports.default = exports.NON_STICKY_COMMANDS = { ${all.join(', ')} }`
  },
}

/** The runtime's own modules are compiled ahead of time where `bun build` sees that they are used: twice as quick to load. */
const seenModules: Plugin = {
  name: 'seen-modules',
  transform: (code) => code.replace(/\bprocess\.getBuiltinModule\(('node:\w+')\)/g, 'require($1)'),
}

/** Not `.node`: Bun would unpack that itself, into a directory for temporary files, and leave it there. */
const embeddedName = 'keyring.bin'

/** Says in `kit/build.ts` which build this is, and in `store/embedded-binding.ts` what it carries. */
function thisBuild(target: Target, binding: Binding | undefined): Plugin {
  const root = target.suffix === '.exe' ? 'B:/~BUN/root/' : '/$bunfs/root/'
  const embedded = binding && {
    path: `${root}${embeddedName}`,
    sha256: createHash('sha256').update(binding.content).digest('hex'),
  }
  const code: Record<string, string> = {
    [join('src', 'kit', 'build.ts')]: `export const standaloneTarget = ${JSON.stringify(target.name)}`,
    [join('src', 'store', 'embedded-binding.ts')]:
      `export const embeddedBinding = ${JSON.stringify(embedded)}`,
  }
  return {
    name: 'this-build',
    load: (id) => Object.entries(code).find(([file]) => id.endsWith(file))?.[1],
  }
}
