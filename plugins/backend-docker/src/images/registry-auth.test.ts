import { registryAuth } from './registry-auth';

test.each(['p', 'pp', 'ppp', 'päß?>'])('an engine can decode what is sent for the password %s: base64 of URLs, with its padding', async (password) => {
  const sent = (await registryAuth('one.test/a/b', async () => ({ username: 'me', password }))) ?? '';
  expect(sent).toMatch(/^[\w-]+={0,2}$/);
  expect(sent.length % 4).toBe(0);
  expect(JSON.parse(Buffer.from(sent, 'base64url').toString())).toEqual({ username: 'me', password, serveraddress: 'one.test' });
});
