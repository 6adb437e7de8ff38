import { ruleTest } from '@strake/testing';
import { defaultPlugins } from 'strake';
import { undefinedArgInFrom } from './undefined-arg-in-from';

ruleTest(undefinedArgInFrom, {
  instructions: defaultPlugins,
  rows: [
    { text: 'ARG version=1\nFROM base$versoin', expected: ["2:6 FROM argument 'versoin' is not declared (did you mean version?)"] },
    { text: 'FROM base${nothing-at-all}', expected: ["1:6 FROM argument 'nothing' is not declared"] },
    { name: 'declared without a value', text: 'ARG v\nFROM base$v', expected: [] },
    { name: 'automatic', text: 'FROM --platform=$BUILDPLATFORM scratch', expected: [] },
  ],
}, test);
