/**
 * Imports oidc-provider without the line it prints about runtimes it has not been tested on. Whatever else is written
 * meanwhile passes.
 */
export async function importOidcProvider(): Promise<typeof import('oidc-provider')> {
  const { warn } = console
  console.warn = (...words: unknown[]) => {
    if (!String(words[0]).includes('oidc-provider WARNING: Unsupported runtime')) warn(...words)
  }
  try {
    return await import('oidc-provider')
  } finally {
    console.warn = warn
  }
}
