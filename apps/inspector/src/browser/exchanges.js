/** @import { Summary } from '../traffic/summary.ts' */

/**
 * The exchanges that the page knows of: those that the inspector has still. It drops its oldest when it has
 * too much, and so does the page, or one that is left open would grow for as long as programs run.
 */
export function knownExchanges() {
  /** @type {Map<number, Summary>} */
  const exchanges = new Map()

  return {
    /** All in the order in which they began. */
    all: () => [...exchanges.values()].sort((a, b) => a.startedAt - b.startedAt),

    /** @param {readonly Summary[]} all What the inspector has. */
    replace(all) {
      exchanges.clear()
      for (const exchange of all) exchanges.set(exchange.id, exchange)
    },

    /**
     * @param {Summary} exchange New, or better known.
     * @param {number} oldest The least id that the inspector has still. Ids only grow.
     */
    add(exchange, oldest) {
      exchanges.set(exchange.id, exchange)
      for (const id of exchanges.keys()) if (id < oldest) exchanges.delete(id)
    },
  }
}
