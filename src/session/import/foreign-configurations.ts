import {
  type ForeignConfiguration,
  type ImportSource,
  importSources,
  readAcsSso,
  readAliyun,
} from '../../profiles/index.ts'

/** Reads what other tools have left below `home`; `from` narrows it to one of them. Changes nothing. */
export function readForeignConfigurations(
  home: string,
  { from, now }: { from?: ImportSource | undefined; now: Date },
): ForeignConfiguration[] {
  const read = { 'acs-sso': readAcsSso, aliyun: readAliyun }
  return importSources
    .filter((source) => from === undefined || source === from)
    .map((source) => read[source](home, now))
}
