import { defineRule, rangeOf } from '@strake/api';
import { pageOf } from './page-of';

/** MAINTAINER. */
export const maintainerDeprecated = defineRule({
  name: 'MaintainerDeprecated',
  description: 'The MAINTAINER instruction is deprecated, use a label instead to define an image author',
  url: pageOf('maintainer-deprecated'),
  node(node, { escape }) {
    if (node.keyword !== 'MAINTAINER') return [];
    const { text, segments, range, keywordRange, written } = node;
    const label = written === written.toLowerCase() ? 'label' : 'LABEL';
    const quoted = text.replace(/["$\\`]/g, (character) => (character === '"' || character === '$' || character === escape ? `${escape}${character}` : character));
    const line = `org.opencontainers.image.authors="${quoted}"`;
    const edits = [{ range: keywordRange, text: label }, { range: rangeOf(range.file, segments, 0, text.length), text: line }];
    return [{
      message: 'Maintainer instruction is deprecated in favor of using label',
      hint: `write LABEL ${line}`,
      fix: { title: 'name the author in a label', edits, changesImage: true },
    }];
  },
});
