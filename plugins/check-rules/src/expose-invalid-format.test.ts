import { ruleTest } from '@strake/testing';
import { defaultPlugins } from 'strake';
import { exposeInvalidFormat } from './expose-invalid-format';

ruleTest(exposeInvalidFormat, {
  instructions: defaultPlugins,
  rows: [
    { text: 'FROM scratch\nEXPOSE 127.0.0.1:80:81 5:6/udp [::1]:7:8', expected: ['127.0.0.1:80:81', '5:6/udp', '[::1]:7:8'].map((port, index) => `2:${[8, 24, 32][index]} EXPOSE instruction should not define an IP address or host-port mapping, found '${port}'`), fixed: 'FROM scratch\nEXPOSE 81 6/udp 8' },
    { text: 'FROM scratch\nEXPOSE 80 81/tcp 1-3', expected: [] },
  ],
}, test);
