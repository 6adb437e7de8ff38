import { digestOf } from '../digest';
import { chainIdOf, familiarReference, formatReference, makeImage, parseReference } from '..';

const digest = digestOf('x');

test.each([
  ['app', 'docker.io/library/app:latest', 'app:latest'],
  ['me/app:1', 'docker.io/me/app:1', 'me/app:1'],
  ['localhost:5000/a', 'localhost:5000/a:latest', 'localhost:5000/a:latest'],
  ['index.docker.io/a', 'docker.io/library/a:latest', 'a:latest'],
  [`a@${digest}`, `docker.io/library/a@${digest}`, `a@${digest}`],
])('the reference %s', (text, normal, familiar) => {
  expect(formatReference(parseReference(text))).toBe(normal);
  expect(familiarReference(parseReference(text))).toBe(familiar);
});

test.each(['', 'App', 'a:', 'a/', 'a:b:c', 'a@sha256:1', '/a', 'a b'])('the reference %j is refused', (text) => {
  expect(() => parseReference(text)).toThrow(expect.objectContaining({ code: 'REFERENCE_INVALID' }));
});

test('the config is encoded as Go does', () => {
  const image = makeImage({ config: { architecture: 'amd64', os: 'linux', config: { Cmd: ['a && <b>'] } }, history: [], layers: [] });
  expect(image.configBytes.toString()).toContain('"a \\u0026\\u0026 \\u003cb\\u003e"');
  expect(image.configDescriptor.digest).toBe(digestOf(image.configBytes));
});

test('equal configs are equal bytes, in the order of Go', () => {
  const config = { Shell: ['sh'], Labels: { b: '1', a: '2' }, Env: ['A=1'], User: 'me', StopTimeout: 3, Zebra: 1, Healthcheck: { Retries: 1, Test: ['NONE'] } };
  const { configBytes } = makeImage({ config: { os: 'linux', config, architecture: 'arm64', variant: 'v8', created: 'now' }, history: [{ created_by: 'x', created: 'now' }], layers: [] });
  expect(configBytes.toString()).toBe(
    '{"created":"now","architecture":"arm64","variant":"v8","os":"linux","config":{"User":"me","Env":["A=1"],"Labels":{"a":"2","b":"1"},' +
      '"Healthcheck":{"Test":["NONE"],"Retries":1},"StopTimeout":3,"Shell":["sh"],"Zebra":1},' +
      '"rootfs":{"type":"layers","diff_ids":[]},"history":[{"created":"now","created_by":"x"}]}',
  );
});

test('chain IDs', () => {
  expect(chainIdOf([])).toBeUndefined();
  expect(chainIdOf([digest])).toBe(digest);
  expect(chainIdOf([digest, digest])).toBe(digestOf(`${digest} ${digest}`));
});
