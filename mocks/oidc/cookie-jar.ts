interface Cookie {
  name: string
  value: string
  host: string
  path: string
}

/** The cookies of a browser, each sent only to its host, whatever the port, and below its path (RFC 6265 sections 5.1.4, 8.5). */
export function createCookieJar() {
  let cookies: Cookie[] = []
  return {
    take(url: URL, setCookies: readonly string[]): void {
      for (const text of setCookies) {
        const [pair = '', ...attributes] = text.split(';').map((part) => part.trim())
        const cut = pair.indexOf('=')
        const attribute = (name: string) =>
          attributes.find((one) => one.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1)
        const path = attribute('path') ?? url.pathname.replace(/\/[^/]*$/, '')
        const [name, value, host] = [pair.slice(0, cut), pair.slice(cut + 1), url.hostname]
        const cookie = { name, value, host, path: path || '/' }
        cookies = cookies.filter((one) => one.name !== name || one.host !== host || one.path !== cookie.path)
        const [expires, maxAge] = [attribute('expires'), attribute('max-age')]
        const over = maxAge === undefined ? Date.parse(expires ?? '') <= Date.now() : Number(maxAge) <= 0
        if (!over && cookie.value !== '') cookies.push(cookie)
      }
    },
    header: (url: URL): string =>
      cookies
        .filter(({ host }) => host === url.hostname)
        .filter(({ path }) => url.pathname === path || url.pathname.startsWith(path.replace(/\/?$/, '/')))
        .map(({ name, value }) => `${name}=${value}`)
        .join('; '),
  }
}
