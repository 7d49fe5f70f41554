import assert from 'node:assert/strict'
import { channel } from 'node:diagnostics_channel'
import { it } from 'node:test'

import { runRecorded } from '../../test-support/run-recorded.ts'
import { watchChannels } from './watch-channels.ts'

it('listens from start to stop', () => {
  const heard: unknown[] = []
  const watched = watchChannels({ 'a-channel': (message) => heard.push(message) })

  channel('a-channel').publish(1)
  watched.start()
  channel('a-channel').publish(2)
  watched.stop()
  channel('a-channel').publish(3)

  assert.deepEqual(heard, [2])
})

it('keeps its own errors from the program, and says one sentence for all of them', async () => {
  const { code, stdout, stderr } = await runRecorded(
    `import { channel } from 'node:diagnostics_channel'
     import { watchChannels } from './src/recorder/watch-channels.ts'
     watchChannels({ broken: () => { throw new Error('a bug') } }).start()
     channel('broken').publish({})
     channel('broken').publish({})
     console.log('goes on')`,
    { INSPECTOR_URL: 'http://127.0.0.1:1' },
  )

  assert.deepEqual([code, stdout], [0, 'goes on\n'])
  assert.equal(stderr, 'The recorder stopped, the program goes on: Error: a bug\n')
})
