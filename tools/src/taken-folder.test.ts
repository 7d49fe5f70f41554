import assert from 'node:assert/strict'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'

import { workspaceRoot } from './projects.ts'
import { fillFolder, findObstacle } from './taken-folder.ts'

function createFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'taken-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return folder
}

describe('a folder to take an app to', () => {
  it('is empty, not there yet, or a new repository', (t) => {
    const folder = createFolder(t)
    assert.equal(findObstacle(folder), undefined)
    assert.equal(findObstacle(join(folder, 'not/there')), undefined)

    mkdirSync(join(folder, '.git'))
    assert.equal(findObstacle(folder), undefined)
  })

  it('holds nothing', (t) => {
    const folder = createFolder(t)
    const file = join(folder, 'mine.txt')
    writeFileSync(file, '')

    assert.match(findObstacle(folder) ?? '', /is not empty/)
    assert.match(findObstacle(file) ?? '', /is a file/)
  })

  it('is not in this workspace, by whatever way', (t) => {
    const folder = createFolder(t)
    const link = join(folder, 'link')
    symlinkSync(workspaceRoot, link, 'junction')

    for (const inside of [workspaceRoot, join(workspaceRoot, 'apps/mine'), join(link, 'mine/app')])
      assert.match(findObstacle(inside) ?? '', /is inside this workspace/, inside)
    assert.equal(findObstacle(`${workspaceRoot.slice(0, -1)}-mine`), undefined)
  })
})

describe('a folder whose filling fails', () => {
  function fail(folder: string): never {
    mkdirSync(join(folder, 'apps'))
    writeFileSync(join(folder, 'README.md'), '')
    throw new Error('the disk is full')
  }

  it('is not there when it was not', (t) => {
    const folder = createFolder(t)

    assert.throws(() => fillFolder(join(folder, 'not/there'), fail), /the disk is full/)
    assert.ok(!existsSync(join(folder, 'not')))
  })

  it('is as it was when it was there', (t) => {
    const folder = createFolder(t)
    mkdirSync(join(folder, '.git'))

    assert.throws(() => fillFolder(folder, fail), /the disk is full/)
    assert.deepEqual(readdirSync(folder), ['.git'])
  })
})
