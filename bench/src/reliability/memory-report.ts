/** Loaded into a server before its program: tells the process that started it, when asked, what memory it holds. */
process.on('message', (message) => {
  if (message !== 'report memory') return
  globalThis.gc?.()
  process.send?.(process.memoryUsage())
})
// To be asked is no reason to go on running, and that nobody is left to ask is one to stop.
process.channel?.unref()
process.on('disconnect', () => process.exit())
