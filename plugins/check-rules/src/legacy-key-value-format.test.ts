import { ruleTest } from '@strake/testing';
import { defaultPlugins } from 'strake';
import { legacyKeyValueFormat } from './legacy-key-value-format';

ruleTest(legacyKeyValueFormat, {
  instructions: defaultPlugins,
  rows: [
    { text: 'FROM scratch\nENV a  the value\nLABEL b c', expected: ['2:1 "ENV key=value" should be used instead of legacy "ENV key value" format', '3:1 "LABEL key=value" should be used instead of legacy "LABEL key value" format'], fixed: 'FROM scratch\nENV a="the value"\nLABEL b=c' },
    { name: 'variables stay', text: 'FROM scratch\nenv a x=$PATH y', expected: ['2:1 "env key=value" should be used instead of legacy "env key value" format'], fixed: 'FROM scratch\nenv a="x=$PATH y"' },
    { name: 'quotes are left to people', text: 'FROM scratch\nENV a the "value"', expected: ['2:1 "ENV key=value" should be used instead of legacy "ENV key value" format'] },
    { name: 'so are several lines', text: 'FROM scratch\nENV a the \\\n value', expected: ['2:1 "ENV key=value" should be used instead of legacy "ENV key value" format'] },
    { text: 'FROM scratch\nENV a=b "c d"=e', expected: [] },
  ],
}, test);
