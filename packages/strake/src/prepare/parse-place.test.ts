import type { Store } from '@strake/oci';
import { parsePlace } from './parse-place';

const store = {} as Store;
const place = (text: string): unknown => parsePlace(text, { store: () => store, cwd: '/work' });

test.each<[string, unknown]>([
  ['example.test/app:1', { kind: 'registry', reference: 'example.test/app:1' }],
  ['docker://app', { kind: 'registry', reference: 'app' }],
  ['docker://image.tar', { kind: 'registry', reference: 'image.tar' }],
  ['store:app:1', { kind: 'store', store, reference: 'app:1' }],
  ['oci:layout:t', { kind: 'layout', folder: '/work/layout', tag: 't' }],
  ['oci-layout:///a/b.tar', { kind: 'layout', folder: '/a/b.tar' }],
])('%s', (text, expected) => expect(place(text)).toEqual(expected));

test.each([
  ['image.tar', 'USAGE', 'Write oci-layout://image.tar for an archive, docker://image.tar for a repository.'],
  ['./image.tar', 'USAGE', 'Write oci-layout://./image.tar for an archive, docker://./image.tar for a repository.'],
  ['docker-archive:x.tar', 'USAGE', expect.any(String)],
  ['oci-layout://', 'USAGE', undefined],
  ['oci-layout://a@sha256:0', 'REFERENCE_INVALID', undefined],
  ['UPPER', 'REFERENCE_INVALID', expect.any(String)],
])('%s is none', (text, code, hint) => {
  expect(() => place(text)).toThrow(expect.objectContaining({ code, hint }));
});
