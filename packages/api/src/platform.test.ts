import { formatPlatform, parsePlatform } from './platform';

test.each([
  ['linux/amd64', 'linux/amd64'],
  ['Linux/X86_64', 'linux/amd64'],
  ['linux/amd64/v1', 'linux/amd64'],
  ['linux/amd64/v3', 'linux/amd64/v3'],
  ['linux/aarch64', 'linux/arm64'],
  ['linux/arm64/8', 'linux/arm64'],
  ['linux/arm/7', 'linux/arm/v7'],
  ['linux/arm/v6', 'linux/arm/v6'],
  ['linux/armel', 'linux/arm/v6'],
  ['linux/i386', 'linux/386'],
  ['linux', 'linux/amd64'],
  ['arm64', 'linux/arm64'],
  ['aarch64', 'linux/arm64'],
  ['riscv64', 'linux/riscv64'],
  ['macos/arm64', 'darwin/arm64'],
  ['mine/own', 'mine/own'],
])('%s is %s', (text, expected) => expect(formatPlatform(parsePlatform(text))).toBe(expected));

test.each(['', 'bogus', 'linux/amd64/v1/x', 'linux/', 'a b/c'])('"%s" is none', (text) => {
  expect(() => parsePlatform(text)).toThrow(expect.objectContaining({ code: 'INVALID_FLAG' }));
});
