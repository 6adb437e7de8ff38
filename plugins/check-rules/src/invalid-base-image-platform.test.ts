import { ruleTest } from '@strake/testing';
import { defaultPlugins } from 'strake';
import { invalidBaseImagePlatform } from './invalid-base-image-platform';

ruleTest(invalidBaseImagePlatform, {
  instructions: defaultPlugins,
  rows: [
    { text: 'FROM base', images: { base: { architecture: 'arm64' } }, expected: ['1:1 Base image base was pulled with platform "linux/arm64", expected "linux/amd64" for current build'] },
    { text: 'FROM base AS a\nFROM a\nFROM scratch', images: { base: {} }, expected: [] },
    { text: 'FROM nowhere', expected: [] },
  ],
}, test);
