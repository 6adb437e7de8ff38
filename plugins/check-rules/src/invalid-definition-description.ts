import { defineRule, wordsOf, type InstructionNode } from '@strake/api';
import { pageOf } from './page-of';
import { quotedWords } from './quoted-words';

/** A comment directly above FROM … AS name or ARG that does not begin with what it describes. */
export const invalidDefinitionDescription = defineRule({
  name: 'InvalidDefinitionDescription',
  description: 'Comment for build stage or argument should follow the format: `# <arg/stage name> <description>`. If this is not intended to be a description comment, add an empty line or comment between the instruction and the comment.',
  url: pageOf('invalid-definition-description'),
  experimental: true,
  node(node, { escape }) {
    const names = namesOf(node, escape);
    const [first] = names;
    const comment = node.comments.at(-1);
    if (first === undefined || comment === undefined || names.includes(comment.split(' ', 1)[0] ?? '')) return [];
    return [{ message: `Comment for ${node.keyword} should follow the format: \`# ${names.length > 1 ? '<arg_key>' : first} <description>\`` }];
  },
});

function namesOf(node: InstructionNode, escape: '\\' | '`'): readonly string[] {
  if (node.keyword === 'ARG') return quotedWords(node.text, escape).map((word) => word.split('=', 1)[0] ?? '');
  const words = node.keyword === 'FROM' ? wordsOf(node) : [];
  return words.length === 3 ? words.slice(2).map(({ text }) => text.toLowerCase()) : [];
}
