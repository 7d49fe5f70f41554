import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { pathToFileURL } from 'node:url'

import express from 'express'

import { assets } from './assets.ts'
import { page } from './page.ts'

function writeTemplate(t: TestContext, text: string): URL {
  const folder = mkdtempSync(join(tmpdir(), 'page-'))
  t.after(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'some.eta'), text)
  return pathToFileURL(join(folder, 'some.eta'))
}

describe('page', () => {
  it('puts the content into the layout, everything escaped', (t) => {
    const template = writeTemplate(t, '<p title="<%= it.name %>"><%= it.name %></p>')
    const hostile = `<b> & "'`

    const html = page({
      title: hostile,
      brand: hostile,
      nav: [{ text: hostile, href: hostile }],
      user: { name: hostile, signOut: hostile },
      template,
      model: { name: hostile },
    })

    const escaped = '&lt;b&gt; &amp; &quot;&#39;'
    assert.match(html, /^<!doctype html>\n<html lang="en">/)
    assert.ok(html.includes(`<title>${escaped} · ${escaped}</title>`))
    assert.ok(html.includes(`<a href="${escaped}">${escaped}</a>`))
    assert.ok(html.includes(`<span>${escaped}</span> <a href="${escaped}">Sign out</a>`))
    assert.ok(html.includes(`<p title="${escaped}">${escaped}</p>`))
    assert.ok(!html.includes('<b>'))
  })

  it('has no empty navigation', (t) => {
    const template = writeTemplate(t, '<p></p>')

    assert.ok(!page({ title: '', brand: '', template, model: {} }).includes('<nav'))
  })

  it('needs nothing that a strict content security policy forbids', (t) => {
    const html = page({ title: '', brand: '', template: writeTemplate(t, ''), model: {} })

    assert.doesNotMatch(html, /<script|<style|\sstyle=|\son\w+=/)
  })

  it('links to files that browsers may keep for good', async (t) => {
    const server = express().use(assets).listen(0)
    t.after(() => server.close())
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const html = page({ title: '', brand: '', template: writeTemplate(t, ''), model: {} })
    const paths = [...html.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, path]) => path)

    const responses = await Promise.all(
      paths.map((path) => fetch(`http://127.0.0.1:${port}${path}`)),
    )

    assert.deepEqual(
      responses.map(({ status, headers }) => [
        status,
        headers.get('content-type'),
        headers.get('cache-control'),
        headers.get('x-content-type-options'),
      ]),
      ['image/svg+xml; charset=utf-8', 'text/css; charset=utf-8'].map((type) => [
        200,
        type,
        'public, max-age=31536000, immutable',
        'nosniff',
      ]),
    )
  })
})
