import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { problemWithOrigin, problemWithPageUri, problemWithUri } from './registered-uri.ts'

describe('problemWithUri', () => {
  for (const uri of [
    'https://app.example/cb',
    'http://localhost:44300/signin-oidc?x=1',
    'http://127.0.0.1/cb',
    'http://[::1]:8080/cb',
    'com.example.app:/cb',
    'myapp://cb',
    'myapp://host:3000/cb',
    'localhost.example:/cb',
    'urn:example:80',
    'https://app.example/*?all=*',
  ])
    it(`finds none in ${uri}`, () => {
      assert.equal(problemWithUri(uri), undefined)
    })

  for (const [uri, problem] of [
    ['', "is '', not an absolute URI such as 'https://app.example/x'"],
    ['/cb', "is '/cb', not an absolute URI such as 'https://app.example/x'"],
    [
      '//app.example/cb',
      "is '//app.example/cb', not an absolute URI such as 'https://app.example/x'",
    ],
    ['https://app.example/cb#x', "is 'https://app.example/cb#x'; it must have no fragment"],
    ['https://app.example/cb#', "is 'https://app.example/cb#'; it must have no fragment"],
    [
      'https://app.example/ cb',
      "is 'https://app.example/ cb'; write spaces and non-ASCII percent-encoded",
    ],
    [
      'https:\\\\app.example/cb',
      "is 'https:\\\\app.example/cb'; write spaces and non-ASCII percent-encoded",
    ],
    [
      'https://app.example/\u00e9',
      "is 'https://app.example/\u00e9'; write spaces and non-ASCII percent-encoded",
    ],
    [
      'https://user@app.example/',
      "is 'https://user@app.example/'; it must hold no user name or password",
    ],
    [
      'localhost:3000/cb',
      "is 'localhost:3000/cb', without a scheme; is 'http://localhost:3000/cb' meant?",
    ],
    ['Localhost:/cb', "is 'Localhost:/cb', without a scheme; is 'http://Localhost:/cb' meant?"],
    [
      'app.example:8443?x',
      "is 'app.example:8443?x', without a scheme; is 'http://app.example:8443?x' meant?",
    ],
    [
      'https://*.app.example/cb',
      "is 'https://*.app.example/cb'; * is no wildcard, so register each one that is used",
    ],
    [
      'https://%2A.app.example/cb',
      "is 'https://%2A.app.example/cb'; * is no wildcard, so register each one that is used",
    ],
    ['myapp://*/cb', "is 'myapp://*/cb'; * is no wildcard, so register each one that is used"],
    ['https:8443/cb', "is 'https:8443/cb'; expected '//' after 'https:'"],
    ['HTTP:app.example/cb', "is 'HTTP:app.example/cb'; expected '//' after 'http:'"],
    ['web:80', "is 'web:80', without a scheme; is 'http://web:80' meant?"],
    [`https://app.example/${'a'.repeat(400)}`, 'is longer than 400 characters'],
  ] as const)
    it(`names the one of ${uri.slice(0, 40)}`, () => {
      assert.equal(problemWithUri(uri), problem)
    })

  for (const uri of [
    'about:blank',
    'blob:https://app.example/1',
    'data:text/html,x',
    'file:///etc/passwd',
    'ftp://app.example/',
    'JavaScript:alert(1)',
    'mailto:a@app.example',
    'ssh://app.example',
    'tel:1',
    'vbscript:x',
    'view-source:https://app.example/',
    'ws://app.example/',
    'wss://app.example/',
  ])
    it(`refuses the scheme of ${uri}`, () => {
      const scheme = uri.slice(0, uri.indexOf(':') + 1).toLowerCase()
      assert.equal(problemWithUri(uri), `is '${uri}'; the scheme ${scheme} is not allowed`)
    })
})

describe('problemWithPageUri', () => {
  for (const uri of ['https://app.example/#about', 'http://localhost:44300'])
    it(`finds none in ${uri}`, () => {
      assert.equal(problemWithPageUri(uri), undefined)
    })

  for (const uri of ['', 'nope', '/about', 'javascript:alert(1)', 'data:image/png,x', 'app://x'])
    it(`finds one in ${uri}`, () => {
      assert.equal(problemWithPageUri(uri), `is '${uri}'; expected an http or https URL`)
    })
})

describe('problemWithOrigin', () => {
  for (const origin of ['https://app.example', 'http://localhost:5002', 'http://[::1]:1'])
    it(`finds none in ${origin}`, () => {
      assert.equal(problemWithOrigin(origin), undefined)
    })

  for (const text of [
    '',
    'null',
    'app.example',
    'https://app.example/',
    'https://app.example/path',
    'https://app.example?x',
    'https://app.example#',
    'https://APP.example',
    'https://app.example:443',
    'https://user@app.example',
    'mailto:a@app.example',
    'app://x',
    'javascript://a',
    'ftp://app.example',
  ])
    it(`finds one in ${JSON.stringify(text)}`, () => {
      assert.equal(
        problemWithOrigin(text),
        `is '${text}'; an origin is http or https, host and port alone, such as 'https://app.example'`,
      )
    })

  for (const text of ['*', 'https://*.app.example', 'https://*', 'https://*.app.example:x'])
    it(`finds a wildcard in ${text}`, () => {
      assert.equal(
        problemWithOrigin(text),
        `is '${text}'; * is no wildcard, so register each one that is used`,
      )
    })
})
