/**
 * What the executable begins with. Written so that Node.js 12 can parse and run it, since a shebang takes whatever `node` comes first
 * in the PATH: everything behind it would fail there with a syntax error or a missing function. Loads nothing but `fs`.
 *
 * The floor: undici needs 20.18.1; `process.getBuiltinModule` is missing in 21 and in 22.0 to 22.2. Bun has both, whatever version
 * of Node.js it claims to be; Deno has no keychain binding and its own permissions.
 */
export const runtimeCheck = `(function () {
  var versions = process.versions
  var parts = versions.node.split('.').map(Number)
  var major = parts[0]
  var minor = parts[1]
  var fits = major === 20 ? minor > 18 || (minor === 18 && parts[2] >= 1) : major === 22 ? minor >= 3 : major > 22
  if (versions.deno === undefined && (versions.bun !== undefined || fits)) return
  var found = versions.deno === undefined ? 'Node.js ' + versions.node : 'Deno ' + versions.deno
  var path = process.execPath.replace(/[\\0-\\x1f\\x7f-\\x9f]/g, '?')
  require('fs').writeSync(2, 'sesame: needs Node.js 20.18.1 or newer (not 21, not 22.0 to 22.2); found ' + found + ' at ' + path + '.\\n')
  process.exit(2)
})()`
