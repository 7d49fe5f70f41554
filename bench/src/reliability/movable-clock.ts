/** Loaded into a server before its program: sets its clock ahead by as many seconds as it is told to. */
const { now } = Date
let ahead = 0
Date.now = () => now() + ahead

process.on('message', (message) => {
  if (typeof message !== 'number') return
  ahead += message * 1000
  process.send?.('moved')
})
