import { defineRule, goQuote, type IgnoreFacts, type SourcesAndDestination } from '@strake/api';
import { cleanSourcePath } from './clean-source-path';
import { pageOf } from './page-of';

/** A source of COPY or ADD that the ignore file hides. With negations in the file nothing is said: they may show what lies below. */
export const copyIgnoredFile = defineRule({
  name: 'CopyIgnoredFile',
  description: 'Attempting to Copy file that is excluded by .dockerignore',
  url: pageOf('copy-ignored-file'),
  instruction({ node, instruction, lowered }, _stage, { ignore }) {
    const fromContext = lowered.ops?.some((op) => op.type === 'copy' && op.from.kind === 'context') === true;
    if (!fromContext || ignore === undefined || ignore.patterns.some((pattern) => pattern.startsWith('!'))) return [];
    const { sources } = instruction.args as SourcesAndDestination;
    return sources.filter((source) => !/^([a-z0-9+.-]+:\/\/|git@)/i.test(source)).map(cleanSourcePath).filter((path) => isHidden(path, ignore)).map((path) => ({
      message: `Attempting to ${node.keyword === 'ADD' ? 'Add' : 'Copy'} file ${goQuote(path)} that is excluded by .dockerignore`,
      hint: `see the patterns of ${ignore.file}`,
    }));
  },
});

const EVERYTHING = ['*', '**', '**/*'];

/** The root is never hidden itself, but everything in it can be. */
function isHidden(path: string, ignore: IgnoreFacts): boolean {
  if (path === '.' || path.startsWith('/')) return ignore.patterns.some((pattern) => EVERYTHING.includes(pattern));
  return ignore.ignores(path);
}
