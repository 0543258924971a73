import { SesameError, t } from '../../kit/index.ts'
import { type AliyunContent, aliyunConfigPath, readAliyunConfig } from '../../profiles/index.ts'
import { realFile } from '../tool-file.ts'

/** The aliyun CLI's configuration as it is now; empty when there is none yet. @throws SesameError ERR_FILE, ERR_CONFIG */
export function openAliyunConfig(homeDirectory: string): Omit<AliyunContent, 'file' | 'kind'> {
  const path = aliyunConfigPath(homeDirectory)
  // A link that leads nowhere must be found before anything is written to it.
  realFile(path)
  const config = readAliyunConfig(path)
  if (config.kind === 'content') return config
  if (config.kind === 'absent')
    return { path, text: '', encoding: 'utf-8', mode: 0, current: 'default', profiles: [] }
  const code = config.because === 'file' ? 'ERR_FILE' : 'ERR_CONFIG'
  throw new SesameError(code, `${config.reason}.`, {
    hint: t('Fix ~/.aliyun/config.json, or add --print and put the profile there by hand.'),
  })
}
