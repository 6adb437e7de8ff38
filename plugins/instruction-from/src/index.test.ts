import { instructionTest } from '@strake/testing';
import { from } from './index';

instructionTest(from, {
  lowers: [
    { text: 'FROM a', expected: { stage: { base: 'a' }, history: null } },
    { text: 'from a:1 as Build', expected: { stage: { base: 'a:1', name: 'build' }, history: null } },
    { name: 'a platform that is written empty is none', text: 'FROM --platform= a', expected: { stage: { base: 'a' }, history: null } },
    { text: 'FROM --platform=$p $base', stage: { env: ['p=linux/arm64', 'base=b'] }, expected: { stage: { base: 'b', platform: 'linux/arm64' }, history: null } },
    { text: 'FROM --after=a,$b --after=2 x', stage: { env: ['b=c'] }, expected: { stage: { base: 'x', after: ['a', 'c', '2'] }, history: null } },
  ],
  refuses: [
    { text: 'FROM', message: 'FROM requires either one or three arguments', at: '1:1' },
    { text: 'FROM a b', message: 'FROM requires either one or three arguments', at: '1:1' },
    { text: 'FROM a IS b', message: 'FROM requires either one or three arguments', at: '1:1' },
    { text: 'FROM a AS 1b', message: 'invalid name for build stage: "1b", name can\'t start with a number or contain symbols', at: '1:11' },
    { text: 'FROM ${nothing}', message: 'base name should not be blank', at: '1:1' },
    { text: 'FROM --after=x a', message: 'stage "x" in --after could not be found', at: '1:6', code: 'UNKNOWN_STAGE' },
    { text: 'FROM --after=x,,y a', message: '--after should name stages', at: '1:6' },
    { text: 'FROM --after a', message: 'missing a value on flag: --after', at: '1:6', code: 'INVALID_FLAG' },
    { text: 'FROM --platform=$p a', message: 'empty platform value: a variable in it has no value', at: '1:6', code: 'INVALID_FLAG' },
    { text: 'FROM --platform=a/b/c/d a', message: 'failed to parse platform a/b/c/d', at: '1:6', code: 'INVALID_FLAG' },
  ],
}, test);
