/**
 * Runs a piece of work once for everyone who asks for it while it is under way: they all get its
 * result, or its error. Whoever asks later starts it anew, so a failure is not remembered.
 */
export function singleFlight<Result>() {
  const underWay = new Map<string, Promise<Result>>()

  return (key: string, work: () => Promise<Result>): Promise<Result> => {
    const joined = underWay.get(key)
    if (joined !== undefined) return joined
    const started = work().finally(() => underWay.delete(key))
    underWay.set(key, started)
    return started
  }
}
