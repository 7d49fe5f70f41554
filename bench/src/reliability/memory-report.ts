/** Loaded into a server before its program: tells the process that started it, when asked, what memory it uses. */
process.on('message', () => {
  globalThis.gc?.()
  const { heapUsed, rss } = process.memoryUsage()
  process.send?.({ heapUsed, rss })
})
// To be asked is no reason to go on running.
process.channel?.unref()
