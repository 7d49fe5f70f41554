/**
 * Waits for shared work until the caller's signal is aborted: then the caller leaves with the signal's
 * reason, while the work goes on for the others.
 */
export async function untilAborted<Result>(
  work: Promise<Result>,
  signal: AbortSignal | null | undefined,
): Promise<Result> {
  if (!signal) return work
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const leave = () => reject(signal.reason)
  if (signal.aborted) leave()
  signal.addEventListener('abort', leave)
  try {
    return await Promise.race([work, aborted])
  } finally {
    // A signal may live as long as the process, and serve every call in it.
    signal.removeEventListener('abort', leave)
  }
}
