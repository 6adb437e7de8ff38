import { ruleTest } from '@strake/testing';
import { defaultPlugins } from 'strake';
import { redundantTargetPlatform } from './redundant-target-platform';

ruleTest(redundantTargetPlatform, {
  instructions: defaultPlugins,
  rows: [
    { text: 'FROM --platform=$TARGETPLATFORM scratch AS a', expected: ['1:6 Setting platform to predefined $TARGETPLATFORM in FROM is redundant as this is the default behavior'], fixed: 'FROM scratch AS a' },
    { text: 'FROM  --platform=${TARGETPLATFORM}   scratch', expected: ['1:7 Setting platform to predefined ${TARGETPLATFORM} in FROM is redundant as this is the default behavior'], fixed: 'FROM  scratch' },
    { name: 'on another line', text: 'FROM --platform=$TARGETPLATFORM \\\n scratch', expected: ['1:6 Setting platform to predefined $TARGETPLATFORM in FROM is redundant as this is the default behavior'] },
    { text: 'FROM --platform=$BUILDPLATFORM scratch\nFROM --platform=$TARGETOS/$TARGETARCH scratch\nFROM scratch', expected: [] },
  ],
}, test);
