import { defineRule, wordsOf } from '@strake/api';
import { pageOf } from './page-of';

/** `FROM … as` and `from … AS`. A FROM of mixed case is ConsistentInstructionCasing's business. */
export const fromAsCasing = defineRule({
  name: 'FromAsCasing',
  description: "The 'as' keyword should match the case of the 'from' keyword",
  url: pageOf('from-as-casing'),
  node(node) {
    const [, as, name] = node.keyword === 'FROM' ? wordsOf(node) : [];
    if (as === undefined || name === undefined) return [];
    const lower = node.written === node.written.toLowerCase();
    if (!lower && node.written !== node.written.toUpperCase()) return [];
    const wanted = lower ? as.text.toLowerCase() : as.text.toUpperCase();
    if (as.text === wanted) return [];
    const fix = { title: `write ${wanted}`, edits: [{ range: as.range, text: wanted }] };
    return [{ message: `'${as.text}' and '${node.written}' keywords' casing do not match`, range: as.range, fix }];
  },
});
