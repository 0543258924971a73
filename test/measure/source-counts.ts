import { atMost, type Row } from '../bench/report.ts'
import { longestChains, valueImports } from '../support/imports.ts'
import type { SourceFile } from '../support/source-files.ts'
import { functionsOf } from './functions.ts'
import { foldersOf, kindComparisonsOf } from './kind-names.ts'
import { passThroughsOf } from './pass-through.ts'
import { filesNaming, plainSettings } from './settings.ts'

/** A row of the table, and what was counted. */
export interface Count extends Row {
  files: readonly string[]
}

type Sources = readonly SourceFile[]

/** What is counted by reading the sources. */
export function countInSources(sources: Sources): Count[] {
  return [
    ...importChains(sources),
    passThroughs(sources),
    ...kindNames(sources),
    settings(sources),
    ...sizes(sources),
  ]
}

/** An `index.ts` is a list of names, no step: of a chain only the other files count. */
function importChains(sources: Sources): Count[] {
  const graph = valueImports(sources)
  const chains = [...longestChains(graph, (path) => (isIndex(path) ? 0 : 1)).values()].sort(
    (a, b) => a.length - b.length,
  )
  const longest = chains.at(-1)
  const ninetieth = chains[Math.ceil(chains.length * 0.9) - 1]
  return [
    {
      what: 'longest chain of value imports, in files',
      figures: [String(longest?.length)],
      verdict: atMost(12, longest?.length ?? 0),
      files: longest?.files ?? [],
    },
    {
      what: '… its 90th percentile over files',
      figures: [String(ninetieth?.length)],
      verdict: atMost(8, ninetieth?.length ?? 0),
      files: ninetieth?.files ?? [],
    },
  ]
}

const isIndex = (path: string) => path === 'index.ts' || path.endsWith('/index.ts')

function passThroughs(sources: Sources): Count {
  const found = sources.flatMap(passThroughsOf)
  return {
    what: 'functions that only import and call on',
    figures: [String(found.length)],
    verdict: atMost(0, found.length),
    files: found,
  }
}

function kindNames(sources: Sources): Count[] {
  const found = sources.flatMap(kindComparisonsOf)
  const folders = foldersOf(found)
  return [
    {
      what: "places that compare with a kind's name",
      figures: [String(found.length)],
      verdict: atMost(10, found.length),
      files: found,
    },
    {
      what: '… in folders',
      figures: [String(folders.length)],
      verdict: atMost(1, folders.length),
      files: folders,
    },
  ]
}

/** No limit says "one row and its use": that is for a reader to judge. */
function settings(sources: Sources): Count {
  const naming = plainSettings
    .map((name) => ({ name, files: filesNaming(name, sources) }))
    .sort((a, b) => a.files.length - b.files.length)
  const sizes = naming.map(({ files }) => files.length)
  const [fewest, middle, most] = [sizes[0], sizes[(sizes.length - 1) >> 1], sizes.at(-1)]
  return {
    what: 'files that name one profile setting: fewest, median, most',
    figures: [`${fewest}, ${middle}, ${most}`],
    files: naming.map(({ name, files }) => `${name} (${files.length}): ${files.join(' ')}`),
  }
}

function sizes(sources: Sources): Count[] {
  const functions = sources.flatMap(functionsOf)
  const many = functions.filter(({ parameters }) => parameters > 4)
  const long = functions.filter(({ lines }) => lines > 40)
  const linesOf = (text: string) => text.split('\n').length - 1
  const large = sources.filter(({ text }) => linesOf(text) > 250)
  return [
    {
      what: 'functions with more than four parameters',
      figures: [String(many.length)],
      verdict: atMost(0, many.length),
      files: many.map(({ where, parameters }) => `${where} (${parameters})`),
    },
    {
      what: 'functions above 40 lines',
      figures: [`${((100 * long.length) / functions.length).toFixed(1)} %`],
      files: long.map(({ where, lines }) => `${where} (${lines})`),
    },
    {
      what: 'files above 250 lines',
      figures: [String(large.length)],
      files: large.map(({ path, text }) => `${path} (${linesOf(text)})`),
    },
  ]
}
