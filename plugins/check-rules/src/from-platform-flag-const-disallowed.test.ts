import { ruleTest } from '@strake/testing';
import { defaultPlugins } from 'strake';
import { fromPlatformFlagConstDisallowed } from './from-platform-flag-const-disallowed';

ruleTest(fromPlatformFlagConstDisallowed, {
  instructions: defaultPlugins,
  rows: [
    { text: 'FROM --platform=linux/amd64 scratch AS a', expected: ['1:6 FROM --platform flag should not use constant value "linux/amd64"'] },
    { text: 'FROM --platform=linux/aarch64 scratch AS for-arm64\nFROM --platform=linux/arm scratch AS linux', expected: [] },
    { text: 'FROM --platform=$BUILDPLATFORM scratch\nFROM --platform=linux/$TARGETARCH scratch\nFROM scratch', expected: [] },
  ],
}, test);
