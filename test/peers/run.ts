import { runPeersCommand } from './command.ts'

/* `npm run peers [NAME…] [--list] [--install] [--json FILE] [--docs]` */

const code = await runPeersCommand(process.argv.slice(2), {
  print: (line) => console.log(line),
  complain: (line) => console.error(line),
})
// A step that was given up may have left something running.
process.exit(code)
