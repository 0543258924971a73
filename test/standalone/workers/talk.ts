import { openBunSocket } from '../../../src/store/secret-service/bun-socket.ts'

/*
 * Runs in Bun: `talk PATH LENGTH ENOUGH` sends so many bytes once connected, and prints as JSON what came until the end, or until
 * ENOUGH bytes were there; with ENOUGH 0 it is destroyed at once.
 */
const [path = '', length = '', enough = ''] = process.argv.slice(2)
const counts = { connected: 0, ended: 0, bytes: 0, inOrder: true }
const socket = openBunSocket(path.replace('@', '\0'), {
  connected() {
    counts.connected++
    socket.write(Buffer.from(Array.from({ length: Number(length) }, (_, i) => i % 251)))
  },
  data(chunk) {
    for (const byte of chunk) counts.inOrder &&= byte === counts.bytes++ % 251
    if (counts.bytes < Number(enough)) return
    socket.destroy()
    report()
  },
  ended() {
    counts.ended++
    report()
  },
})
if (enough === '0') {
  socket.destroy()
  socket.destroy()
  setTimeout(report, 200)
}

function report(): void {
  // What comes late would be counted.
  setTimeout(() => {
    process.stdout.write(JSON.stringify(counts))
    process.exit(0)
  }, 50)
}
