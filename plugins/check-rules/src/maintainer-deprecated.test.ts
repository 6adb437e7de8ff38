import { ruleTest } from '@strake/testing';
import { defaultPlugins } from 'strake';
import { maintainerDeprecated } from './maintainer-deprecated';

ruleTest(maintainerDeprecated, {
  instructions: defaultPlugins,
  rows: [
    { text: 'FROM scratch\nMAINTAINER me <me@example.org>', expected: ['2:1 Maintainer instruction is deprecated in favor of using label'], fixed: 'FROM scratch\nLABEL org.opencontainers.image.authors="me <me@example.org>"' },
    { name: 'quotes and dollars', text: 'from scratch\nmaintainer "me" $x', expected: ['2:1 Maintainer instruction is deprecated in favor of using label'], fixed: 'from scratch\nlabel org.opencontainers.image.authors="\\"me\\" \\$x"' },
    { text: 'FROM scratch\nLABEL maintainer=me', expected: [] },
  ],
}, test);
