import { instructionTest } from '@strake/testing';
import { expose } from './index';

instructionTest(expose, {
  lowers: [
    { text: 'EXPOSE 80', expected: { config: { exposedPorts: ['80/tcp'] }, history: 'EXPOSE [80/tcp]' } },
    { text: 'EXPOSE 80-82/UDP 53', expected: { config: { exposedPorts: ['53/tcp', '80/udp', '81/udp', '82/udp'] }, history: 'EXPOSE [53/tcp 80/udp 81/udp 82/udp]' } },
    { name: 'sorted as it is written', text: 'EXPOSE 443 $port', stage: { env: ['port=9000'] }, expected: { config: { exposedPorts: ['9000/tcp', '443/tcp'] }, history: 'EXPOSE [9000/tcp 443/tcp]' } },
    { name: 'a value that is several words', text: 'EXPOSE $ports', stage: { env: ['ports=1 2/sctp'] }, expected: { config: { exposedPorts: ['1/tcp', '2/sctp'] }, history: 'EXPOSE [1/tcp 2/sctp]' } },
    { text: 'EXPOSE 127.0.0.1:8080:80', expected: { config: { exposedPorts: ['80/tcp'] }, history: 'EXPOSE [80/tcp]' } },
  ],
  refuses: [
    { text: 'EXPOSE', message: 'EXPOSE requires at least one argument', at: '1:1' },
    { text: 'EXPOSE 80 65536', message: 'invalid containerPort: 65536', at: '1:11' },
    { text: 'EXPOSE 90-80', message: 'invalid containerPort: 90-80', at: '1:8' },
    { text: 'EXPOSE 80/icmp', message: 'invalid port: "80/icmp": invalid proto: icmp', at: '1:8' },
    { text: 'EXPOSE /tcp', message: 'invalid port: "/tcp": no port specified', at: '1:8' },
  ],
}, test);
