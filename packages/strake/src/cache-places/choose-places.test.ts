import { localCache } from '@strake/cache-local';
import { registryCache } from '@strake/cache-registry';
import type { Store } from '@strake/oci';
import type { BuildOptions } from '../build/build-options';
import { choosePlaces, type ChosenPlaces } from './choose-places';

const never = (): never => {
  throw new TypeError('nobody is asked');
};

function choose(options: BuildOptions, { restores = true }: { readonly restores?: boolean } = {}): ChosenPlaces {
  return choosePlaces(options, {
    cwd: '/work',
    env: {},
    types: [localCache(), registryCache({ store: {} as Store, client: never })],
    backend: { name: 'test', capabilities: { ops: new Set(), networks: new Set(), restores, canRun: () => true } },
    cache: { name: 'content' },
  });
}

test.each<[string, BuildOptions, readonly string[], readonly string[]]>([
  ['a reference alone', { cacheFrom: ['app'] }, ['registry docker.io/library/app:latest'], []],
  ['several', { cacheFrom: ['type=local,src=a', 'type=registry,ref=example.com/app:1'] }, ['local /work/a', 'registry example.com/app:1'], []],
  ['quotes', { cacheFrom: ['"type=local","src=a,b"'] }, ['local /work/a,b'], []],
  ['data', { cacheFrom: [{ type: 'local', src: '/a' }], cacheTo: [{ type: 'local', dest: '/a', mode: 'max' }] }, ['local /a'], ['local /a max gzip']],
  ['the common attributes', { cacheTo: ['type=registry,ref=example.com/app:cache,mode=max,compression=gzip,compression-level=9,force-compression,oci-mediatypes=true,image-manifest=true,ignore-error=true'] }, [], ['registry example.com/app:cache max gzip-9 forced lenient']],
  ['plain layers', { cacheTo: ['type=local,dest=a,compression=uncompressed'] }, [], ['local /work/a min none']],
  ['inline beside another', { cacheTo: ['type=inline', 'type=local,dest=a'] }, [], ['local /work/a min gzip']],
])('%s', (_what, options, from, to) => {
  const chosen = choose(options);
  expect(chosen.from.map(({ name }) => name)).toEqual(from);
  const shown = chosen.to.map(({ writer, mode, form: { compression, force }, ignoreError }) => {
    const level = compression.kind === 'none' || compression.level === 4 ? '' : `-${compression.level}`;
    return `${writer.name} ${mode} ${compression.kind}${level}${force ? ' forced' : ''}${ignoreError ? ' lenient' : ''}`;
  });
  expect(shown).toEqual(to);
  expect(chosen.inline).toBe(options.cacheTo?.includes('type=inline') ?? false);
});

test.each<[string, BuildOptions, string, string, string | undefined]>([
  ['nothing', { cacheFrom: [''] }, 'USAGE', '--cache-from names no place', undefined],
  ['no type', { cacheTo: ['dest=a'] }, 'USAGE', '--cache-to dest=a has no type', undefined],
  ['an unknown type', { cacheTo: ['type=lokal,dest=a'] }, 'USAGE', 'unknown type "lokal"', 'Did you mean local?'],
  ['a misspelt attribute', { cacheFrom: ['type=local,scr=a'] }, 'USAGE', 'unknown attribute "scr"', 'Did you mean src?'],
  ['an attribute of the other direction', { cacheFrom: ['type=local,src=a,mode=max'] }, 'USAGE', 'unknown attribute "mode"', undefined],
  ['a misspelt common attribute', { cacheTo: ['type=local,dest=a,mod=max'] }, 'USAGE', 'unknown attribute "mod"', 'Did you mean mode?'],
  ['an attribute twice', { cacheFrom: ['type=local,src=a,src=b'] }, 'USAGE', 'src is given twice', undefined],
  ['a quote that is left open', { cacheFrom: ['type=local,"src=a'] }, 'USAGE', 'the quotes are not valid', undefined],
  ['a missing attribute', { cacheFrom: ['type=local'] }, 'USAGE', 'needs src', undefined],
  ['a wrong mode', { cacheTo: ['type=local,dest=a,mode=all'] }, 'USAGE', '--cache-to type=local: mode=all is not valid', 'Choose min or max.'],
  ['a wrong compression', { cacheTo: ['type=local,dest=a,compression=lzma'] }, 'UNSUPPORTED', '--cache-to type=local: compression=lzma is not supported', undefined],
  ['a wrong level', { cacheTo: ['type=local,dest=a,compression-level=10'] }, 'USAGE', 'compression-level=10', undefined],
  ['media types of Docker', { cacheTo: ['type=local,dest=a,oci-mediatypes=false'] }, 'UNSUPPORTED', 'oci-mediatypes=false', undefined],
  ['an index', { cacheTo: ['type=local,dest=a,image-manifest=false'] }, 'UNSUPPORTED', 'image-manifest=false', undefined],
  ['a wrong reference', { cacheFrom: ['type=registry,ref=App'] }, 'REFERENCE_INVALID', 'App', undefined],
  ['a digest to write to', { cacheTo: [`type=registry,ref=app@sha256:${'a'.repeat(64)}`] }, 'USAGE', 'has a digest', undefined],
  ['a tag and a digest', { cacheFrom: [`type=local,src=a,tag=b,digest=sha256:${'a'.repeat(64)}`] }, 'USAGE', 'both a tag and a digest', undefined],
  ['a tag that is a path', { cacheTo: ['type=local,dest=a,tag=../b'] }, 'USAGE', 'tag=../b is not valid', undefined],
  ['inline with every step', { cacheTo: ['type=inline,mode=max'] }, 'UNSUPPORTED', 'mode=max', undefined],
  ['inline to take from', { cacheFrom: ['type=inline'] }, 'USAGE', '--cache-from type=inline names no image', undefined],
  ['inline in a squashed image', { cacheTo: ['type=inline'], squash: true }, 'UNSUPPORTED', 'a squashed image', undefined],
  ['a registry offline', { cacheFrom: ['app'], offline: true }, 'USAGE', 'offline', undefined],
])('%s is refused', (_what, options, code, message, hint) => {
  expect(() => choose(options)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) as string, ...(hint === undefined ? {} : { hint }) }) as Error);
});

test('a backend that cannot take part is refused', () => {
  expect(() => choose({ cacheFrom: ['app'] }, { restores: false })).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }) as Error);
});

test('data may hold what should not be read aloud', () => {
  expect(() => choose({ cacheFrom: [{ token: 'sentinel' }] })).toThrow('--cache-from { token } has no type');
});
