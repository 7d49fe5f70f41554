import type { Adapter, AdapterPayload } from 'oidc-provider'

const records = new Map<string, AdapterPayload>()
const byUid = new Map<string, string>()
const byGrant = new Map<string, Set<string>>()

/** Keeps what oidc-provider stores in a Map. The adapter that it comes with forgets all but 1,000. */
export class MapAdapter implements Adapter {
  readonly #model: string

  constructor(model: string) {
    this.#model = model
  }

  async upsert(id: string, payload: AdapterPayload): Promise<void> {
    const key = this.#key(id)
    records.set(key, payload)
    if (this.#model === 'Session' && payload.uid !== undefined) byUid.set(payload.uid, id)
    if (payload.grantId === undefined) return
    const keys = byGrant.get(payload.grantId) ?? new Set()
    byGrant.set(payload.grantId, keys.add(key))
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    return records.get(this.#key(id))
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return this.find(byUid.get(uid) ?? '')
  }

  async findByUserCode(): Promise<undefined> {
    return undefined
  }

  async consume(id: string): Promise<void> {
    const payload = await this.find(id)
    if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1000)
  }

  async destroy(id: string): Promise<void> {
    const key = this.#key(id)
    byGrant.get(records.get(key)?.grantId ?? '')?.delete(key)
    records.delete(key)
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    for (const key of byGrant.get(grantId) ?? []) records.delete(key)
    byGrant.delete(grantId)
  }

  #key(id: string): string {
    return `${this.#model}:${id}`
  }
}
