import { defineRule, wordsOf } from '@strake/api';
import { pageOf } from './page-of';

/** A stage's name with upper case letters in it. */
export const stageNameCasing = defineRule({
  name: 'StageNameCasing',
  description: 'Stage names should be lowercase',
  url: pageOf('stage-name-casing'),
  node(node) {
    const words = node.keyword === 'FROM' ? wordsOf(node) : [];
    const [, , name] = words;
    if (words.length !== 3 || name === undefined || name.text === name.text.toLowerCase()) return [];
    const lower = name.text.toLowerCase();
    const fix = { title: `write the name as ${lower}`, edits: [{ range: name.range, text: lower }] };
    return [{ message: `Stage name '${name.text}' should be lowercase`, range: name.range, fix }];
  },
});
