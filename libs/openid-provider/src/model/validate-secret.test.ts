import assert from 'node:assert/strict'
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { describe, it } from 'node:test'

import { clientJwk, clientKey } from '../../test-support/client-assertion.ts'
import { selfSignedCertificate } from '../../test-support/self-signed-certificate.ts'
import {
  jsonWebKey,
  jsonWebKeyFile,
  type Secret,
  sha256,
  sha512,
  sharedSecret,
  x509Certificate,
} from './secret.ts'
import { problemWithSecret } from './validate-secret.ts'

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const shortRsaKey = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey
const jwkOf = (key: KeyObject) => key.export({ format: 'jwk' })
const notHashed = 'is not the base64 of a SHA-256 or SHA-512; write sharedSecret(sha256(secret))'

describe('problemWithSecret', () => {
  for (const [name, secret] of [
    ['a SHA-256', sharedSecret(sha256('secret'))],
    ['a SHA-512', sharedSecret(sha512('secret'))],
    ['a public EC key', jsonWebKey(clientJwk)],
    ['a public Ed25519 key', jsonWebKey(jwkOf(generateKeyPairSync('ed25519').publicKey))],
    ['an absolute path', jsonWebKeyFile('/data/client.jwk')],
    ['a certificate', x509Certificate(selfSignedCertificate(privateKey, publicKey))],
  ] as [string, Secret][])
    it(`finds none in ${name}`, () => {
      assert.equal(problemWithSecret(secret), undefined)
    })

  for (const [name, secret, problem] of [
    ['a secret nobody hashed', sharedSecret('secret'), notHashed],
    ['an empty value', sharedSecret(''), notHashed],
    [
      'an expiration as JSON has it',
      sharedSecret(sha256('secret'), { expiration: '2030-01-01T00:00:00Z' as unknown as Date }),
      'has an expiration that is no Date',
    ],
    [
      'a date that is none',
      sharedSecret(sha256('secret'), { expiration: new Date('soon') }),
      'has an expiration that is no Date',
    ],
    ['a hash in hexadecimal', sharedSecret('00'.repeat(32)), notHashed],
    [
      'a hash in base64url',
      sharedSecret(sha256('a').replace('+', '-').replace('=', '')),
      notHashed,
    ],
    ['a hash of another length', sharedSecret(Buffer.alloc(20).toString('base64')), notHashed],
    [
      'a key that is no JSON',
      { type: 'JsonWebKey', value: 'abc' },
      'is not JSON; a JSON Web Key (RFC 7517) is expected',
    ],
    ['a key that is null', { type: 'JsonWebKey', value: 'null' }, 'is no JSON Web Key: no kty'],
    ['a set of keys', jsonWebKey({ keys: [clientJwk] }), 'is no JSON Web Key: no kty'],
    [
      'a private key',
      jsonWebKey(jwkOf(clientKey)),
      'holds a private key; register its public half alone',
    ],
    [
      'a symmetric key',
      jsonWebKey({ kty: 'oct', k: 'AA' }),
      'has another kty than RSA, EC and OKP; only public keys can be registered',
    ],
    ['half a key', jsonWebKey({ ...clientJwk, y: undefined }), 'is no complete JSON Web Key'],
    [
      'a short RSA key',
      jsonWebKey(jwkOf(shortRsaKey)),
      'is an RSA key of 1024 bits; 2048 are the least',
    ],
    ['a relative path', jsonWebKeyFile('client.jwk'), 'is not the absolute path of a file'],
    ['no certificate', x509Certificate('MIIB'), 'is not the base64 of a DER certificate'],
    [
      'a certificate of a short RSA key',
      x509Certificate(selfSignedCertificate(privateKey, shortRsaKey)),
      'is an RSA key of 1024 bits; 2048 are the least',
    ],
    [
      'an unknown type',
      { type: 'X509Thumbprint', value: 'x' } as unknown as Secret,
      'has an unknown type; SharedSecret, JsonWebKey, JsonWebKeyFile and X509CertificateBase64 exist',
    ],
  ] as [string, Secret, string][])
    it(`names ${name}`, () => {
      assert.equal(problemWithSecret(secret), problem)
    })
})
