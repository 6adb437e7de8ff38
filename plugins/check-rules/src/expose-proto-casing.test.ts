import { ruleTest } from '@strake/testing';
import { defaultPlugins } from 'strake';
import { exposeProtoCasing } from './expose-proto-casing';

ruleTest(exposeProtoCasing, {
  instructions: defaultPlugins,
  rows: [
    { text: 'FROM scratch\nEXPOSE 80/TCP 53/udp 1:2/Udp', expected: ["2:8 Defined protocol '80/TCP' in EXPOSE instruction should be lowercase", "2:22 Defined protocol '1:2/Udp' in EXPOSE instruction should be lowercase"], fixed: 'FROM scratch\nEXPOSE 80/tcp 53/udp 1:2/udp' },
    { name: 'out of a variable', text: 'FROM scratch\nENV p=1/TCP\nEXPOSE $p', expected: ["3:1 Defined protocol '1/TCP' in EXPOSE instruction should be lowercase"] },
    { text: 'FROM scratch\nEXPOSE 80 81/tcp', expected: [] },
  ],
}, test);
