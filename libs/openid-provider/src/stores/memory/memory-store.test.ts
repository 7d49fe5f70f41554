import { describeStore } from '../contract/store-contract.ts'
import { memoryStore } from './memory-store.ts'

describeStore('memory store', (_t, now) => memoryStore({ now }))
