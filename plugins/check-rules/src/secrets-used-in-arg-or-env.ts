import { defineRule, goQuote, namesSecret, type Pair } from '@strake/api';
import { pageOf } from './page-of';

/** An ARG or ENV whose name has a word in it that names secrets: both stay in the image for everybody to read. */
export const secretsUsedInArgOrEnv = defineRule({
  name: 'SecretsUsedInArgOrEnv',
  description: 'Sensitive data should not be used in the ARG or ENV commands',
  url: pageOf('secrets-used-in-arg-or-env'),
  instruction({ node, instruction }) {
    if (node.keyword !== 'ARG' && node.keyword !== 'ENV') return [];
    return (instruction.args as readonly Pair[]).filter(({ name }) => namesSecret(name)).map(({ name }) => ({
      message: `Do not use ARG or ENV instructions for sensitive data (${node.keyword} ${goQuote(name)})`,
      hint: 'give it to the RUN that needs it with --mount=type=secret',
    }));
  },
});
