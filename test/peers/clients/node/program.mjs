import { createInterface } from 'node:readline'

/**
 * How every client here is run: one call, many at once (`--at-once N`), or one for each line of standard input (`--lines`).
 * `connect` gets the address, and gives what makes one signed call and returns what the server said.
 */
export async function run(connect) {
  const [address, mode, count] = process.argv.slice(2)
  const call = await connect(address)
  if (mode === '--at-once') console.log(await Promise.all(Array.from({ length: Number(count) }, call)))
  else if (mode === '--lines') await forEachLine(call)
  else console.log(await call())
}

async function forEachLine(call) {
  for await (const _line of createInterface({ input: process.stdin })) {
    const said = await call().then(
      () => 'ok',
      (error) => String(error).replace(/\s+/g, ' '),
    )
    console.log(said)
  }
}
