interface Cookie {
  name: string
  value: string
  path: string
}

/** The cookies of one site, each sent only below its path (RFC 6265 section 5.1.4). */
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
        const cookie = { name: pair.slice(0, cut), value: pair.slice(cut + 1), path: path || '/' }
        cookies = cookies.filter((one) => one.name !== cookie.name || one.path !== cookie.path)
        const expires = attribute('expires')
        const over = expires !== undefined && Date.parse(expires) <= Date.now()
        if (!over && cookie.value !== '') cookies.push(cookie)
      }
    },
    header: (url: URL): string =>
      cookies
        .filter(({ path }) => url.pathname === path || url.pathname.startsWith(path.replace(/\/?$/, '/')))
        .map(({ name, value }) => `${name}=${value}`)
        .join('; '),
  }
}
