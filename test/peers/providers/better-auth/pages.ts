/*
 * better-auth is a library: its two pages are the site's own. These are the shortest that do what its documentation asks of them: they
 * send what the address carries back with what the user enters.
 */

const page = (title: string, form: string, path: string, body: string) => `<!doctype html>
<title>${title}</title><h1>${title}</h1><form>${form}</form>
<script>
const oauth_query = location.search.slice(1)
document.forms[0].onsubmit = async (event) => {
  event.preventDefault()
  const value = (name) => document.forms[0].elements[name].value
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch('${path}', { method: 'POST', headers, body: JSON.stringify({ ${body}, oauth_query }) })
  const { url, redirect_uri, message } = await answer.json()
  if (answer.ok) location.href = url ?? redirect_uri
  else document.body.append(message)
}
</script>`

/** By path. */
export const pages: Readonly<Record<string, string>> = {
  '/login': page(
    'Sign in',
    '<label>Email <input name="email"></label><label>Password <input name="password" type="password"></label><button>Sign in</button>',
    '/api/auth/sign-in/email',
    "email: value('email'), password: value('password')",
  ),
  '/consent': page('Consent', '<button>Allow</button>', '/api/auth/oauth2/consent', 'accept: true'),
}
