import { checkExtraHosts } from './check-extra-hosts';
import { hostsFile } from './ops/network-files';

test.each([
  ['db:10.1.2.3', '10.1.2.3\tdb'],
  ['db=10.1.2.3', '10.1.2.3\tdb'],
  ['db:2001:db8::1', '2001:db8::1\tdb'],
  ['db:[2001:db8::1]', '2001:db8::1\tdb'],
  ['db=[::1]', '::1\tdb'],
])('%s is the line %j', (pair, line) => {
  checkExtraHosts([pair]);
  expect(hostsFile('here', [pair]).split('\n')).toContain(line);
});

test.each([
  ['db:host-gateway', 'UNSUPPORTED'],
  ['db', 'USAGE'],
  [':10.1.2.3', 'USAGE'],
  ['db:nowhere', 'USAGE'],
  ['a b:10.1.2.3', 'USAGE'],
])('%s is refused', (pair, code) => {
  expect(() => checkExtraHosts([pair])).toThrow(expect.objectContaining({ code }));
});
