import { lowerText } from '../test-support/lower-text';
import { proxyEnvironment } from './build-arguments';

const warned = async (text: string, buildArgs: Record<string, string>) => (await lowerText(text, { buildArgs })).warnings.map(({ code, message }) => `${code}: ${message}`);

test.each([
  ['a switch without effect', 'FROM scratch', { BUILDKIT_INLINE_CACHE: '1', BUILDKIT_BUILD_NAME: 'x' }, ['UnmappedBuildArg: the build argument BUILDKIT_BUILD_NAME has no effect', 'UnmappedBuildArg: the build argument BUILDKIT_INLINE_CACHE has no effect']],
  ['one that the file declares', 'FROM scratch\nARG BUILDKIT_INLINE_CACHE', { BUILDKIT_INLINE_CACHE: '1' }, []],
  ['those with an effect', 'FROM scratch', { BUILDKIT_SYNTAX: 'x', BUILDKIT_CACHE_MOUNT_NS: 'n', BUILDKIT_MULTI_PLATFORM: '1', SOURCE_DATE_EPOCH: '0' }, []],
  ['one that nobody knows', 'FROM scratch', { BUILDKIT_NOTHING: '1' }, ['UnusedBuildArg: One or more build-args [BUILDKIT_NOTHING] were not consumed']],
])('%s', async (_what, text, buildArgs, expected) => expect(await warned(text, buildArgs)).toEqual(expected));

test.each([
  [{}, []],
  [{ http_proxy: 'a' }, ['HTTP_PROXY=a', 'http_proxy=a']],
  [{ HTTP_PROXY: 'A', http_proxy: 'a' }, ['HTTP_PROXY=a', 'http_proxy=a']],
  [{ No_Proxy: 'x', ALL_PROXY: '' }, ['NO_PROXY=x', 'no_proxy=x']],
])('proxies of %j', (buildArgs, expected) => expect(proxyEnvironment(buildArgs)).toEqual(expected));
