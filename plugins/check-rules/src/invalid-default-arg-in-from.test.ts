import { ruleTest } from '@strake/testing';
import { defaultPlugins } from 'strake';
import { invalidDefaultArgInFrom } from './invalid-default-arg-in-from';

ruleTest(invalidDefaultArgInFrom, {
  instructions: defaultPlugins,
  rows: [
    { text: 'ARG v\nFROM base:$v', buildArgs: { v: '1' }, expected: ['2:6 Default value for ARG base:$v results in empty or invalid base image name'] },
    { text: 'ARG i\nFROM $i AS a', buildArgs: { i: 'base' }, expected: ['2:6 Default value for ARG $i results in empty or invalid base image name'] },
    { text: 'ARG v=1 s\nFROM reg.example:5000/a/b_c:$v$s\nFROM $v', expected: [] },
    { name: 'what cannot be expanded ends the look', text: 'ARG v\nFROM a${v:?} AS x\nFROM b:$v', buildArgs: { v: '1' }, expected: [] },
  ],
}, test);
