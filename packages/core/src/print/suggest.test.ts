import { suggest } from './suggest';

const keywords = ['RUN', 'COPY', 'CMD', 'ENV', 'ENTRYPOINT', 'HEALTHCHECK'];

test.each([
  ['RUNN', 'RUN'],
  ['COPPY', 'COPY'],
  ['CPOY', 'COPY'],
  ['entripoint', 'ENTRYPOINT'],
  ['HELTHCHEK', 'HEALTHCHECK'],
  ['RM', undefined],
  ['WHATEVER', undefined],
  ['', undefined],
])('%s → %s', (word, expected) => {
  expect(suggest(word, keywords)).toBe(expected);
});
