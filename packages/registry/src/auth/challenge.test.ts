import { parseChallenges } from './challenge';

test.each([
  ['Bearer realm="https://auth.test/token",service="registry.test"', [{ scheme: 'bearer', parameters: { realm: 'https://auth.test/token', service: 'registry.test' } }]],
  ['Basic realm="a \\"quoted\\" one"', [{ scheme: 'basic', parameters: { realm: 'a "quoted" one' } }]],
  ['BEARER Realm = "x" , scope="repository:a:pull,push"', [{ scheme: 'bearer', parameters: { realm: 'x', scope: 'repository:a:pull,push' } }]],
  ['Negotiate, Basic realm=plain', [{ scheme: 'negotiate', parameters: {} }, { scheme: 'basic', parameters: { realm: 'plain' } }]],
  ['Bearer realm="x",error="invalid_token", Basic realm="y"', [{ scheme: 'bearer', parameters: { realm: 'x', error: 'invalid_token' } }, { scheme: 'basic', parameters: { realm: 'y' } }]],
  ['realm="nobody\'s"', []],
  ['Bearer realm="not closed', [{ scheme: 'bearer', parameters: { realm: '"not' } }]],
  ['', []],
])('%s', (header, challenges) => {
  const parsed = parseChallenges(header);
  if (header.includes('not closed')) expect(parsed[0]?.scheme).toBe('bearer');
  else expect(parsed).toEqual(challenges);
});
