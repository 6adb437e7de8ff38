import { credentialsByRegistry, credentialsFor } from './client-credentials';

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const me = { username: 'me', password: 'secret' };

test.each<[string, unknown, string, unknown]>([
  ['a password', { 'r.test:5000': me }, 'r.test:5000', me],
  ['an address with scheme and path', { 'https://r.test/v1/': me }, 'r.test', me],
  ['Docker Hub', { 'https://index.docker.io/v1/': me }, 'docker.io', me],
  ['a name and a password in one', { 'r.test': { auth: Buffer.from('me:secret').toString('base64') } }, 'r.test', me],
  ['an identity token', { 'r.test': { username: 'me', identitytoken: 't' } }, 'r.test', { identityToken: 't' }],
  ['a token of the registry', { 'r.test': { registrytoken: 't' } }, 'r.test', { token: 't' }],
  ['another host', { 'r.test': me }, 'r.test.evil', undefined],
  ['another port', { 'r.test': me }, 'r.test:5000', undefined],
])('X-Registry-Config: %s', async (_name, config, host, expected) => {
  expect(await credentialsByRegistry({ 'x-registry-config': encode(config) })?.(host)).toEqual(expected);
});

test.each(['', '!', encode({}), encode([]), encode({ 'r.test': {} }), encode({ 'r.test': { username: 'me', password: '' } }), encode('x')])('X-Registry-Config that says nothing: %j', (header) => {
  expect(credentialsByRegistry({ 'x-registry-config': header })).toBeUndefined();
});

test.each([
  ['r.test:5000/a/b:1', 'r.test:5000', me],
  ['r.test:5000/a/b:1', 'other.test', undefined],
  ['r.test:5000/a/b:1', 'docker.io', undefined],
  ['localhost/a', 'localhost', me],
  ['a/b', 'docker.io', me],
  ['debian', 'docker.io', me],
  ['a/b', 'a', undefined],
])('X-Registry-Auth for %s, asked for %s', async (reference, host, expected) => {
  expect(await credentialsFor(reference, { 'x-registry-auth': encode({ ...me, serveraddress: 'evil.test' }) })?.(host)).toEqual(expected);
});
