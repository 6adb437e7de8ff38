import { defineRule, wordsOf, type Finding } from '@strake/api';
import { isImageName } from './is-image-name';
import { pageOf } from './page-of';

/** A base that is no image name unless somebody gives a build argument. */
export const invalidDefaultArgInFrom = defineRule({
  name: 'InvalidDefaultArgInFrom',
  description: 'Default value for global ARG results in an empty or invalid base image name',
  url: pageOf('invalid-default-arg-in-from'),
  file({ stages }) {
    const findings: Finding[] = [];
    for (const { node, defaultBase } of stages) {
      // What cannot be expanded ends the check, as in BuildKit: the build says more about it.
      if (defaultBase === undefined) break;
      const [base] = wordsOf(node);
      if (base === undefined || isImageName(defaultBase)) continue;
      const message = `Default value for ARG ${base.text} results in empty or invalid base image name`;
      findings.push({ message, about: node, range: base.range, hint: 'give the ARG a default that makes a whole image name' });
    }
    return findings;
  },
});
