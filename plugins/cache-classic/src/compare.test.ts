import type { ContainerConfig } from '@strake/api';
import { sameConfig } from './compare';

const config: ContainerConfig & Record<string, unknown> = {
  User: 'app', WorkingDir: '/w', StopSignal: 'SIGINT', Env: ['A=1', 'B=2'], Cmd: ['/bin/sh', '-c', '#(nop) ', 'LABEL a=b'], Entrypoint: ['/x'], Shell: ['/bin/sh', '-c'],
  OnBuild: ['RUN true'], ExposedPorts: { '80/tcp': {} }, Volumes: { '/v': {} }, Labels: { a: 'b', c: 'd' }, Healthcheck: { Test: ['CMD', 'x'], Interval: 1 },
};

test.each<[string, Readonly<Record<string, unknown>>]>([
  ['the order of labels', { Labels: { c: 'd', a: 'b' } }],
  ['names of hosts and images', { Hostname: 'h', Image: 'sha256:1', Domainname: 'd' }],
  ['what is nothing either way', { Tty: false, StopTimeout: null, AttachStdin: false, ArgsEscaped: false }],
  ['times that are 0', { Healthcheck: { Test: ['CMD', 'x'], Interval: 1, Timeout: 0, Retries: 0 } }],
])('%s does not count', (_name, other) => {
  expect(sameConfig(config, { ...config, ...other })).toBe(true);
});

test.each<[string, Readonly<Record<string, unknown>>]>([
  ['the order of variables', { Env: ['B=2', 'A=1'] }],
  ['one variable more', { Env: ['A=1', 'B=2', 'C=3'] }],
  ['a word of the command', { Cmd: ['/bin/sh', '-c', '#(nop) LABEL a=b'] }],
  ['the entrypoint', { Entrypoint: null }],
  ['the shell', { Shell: ['/bin/bash', '-c'] }],
  ['a trigger', { OnBuild: null }],
  ['a port', { ExposedPorts: { '80/udp': {} } }],
  ['a volume', { Volumes: {} }],
  ['the value of a label', { Labels: { a: 'b', c: 'e' } }],
  ['the name of a label', { Labels: { a: 'b', e: 'd' } }],
  ['the user', { User: '' }],
  ['the working directory', { WorkingDir: '/' }],
  ['the stop signal', { StopSignal: '' }],
  ['the stop timeout', { StopTimeout: 3 }],
  ['a terminal', { Tty: true }],
  ['a time of the health check', { Healthcheck: { Test: ['CMD', 'x'], Interval: 2 } }],
  ['the health check', { Healthcheck: null }],
])('%s counts', (_name, other) => {
  expect(sameConfig(config, { ...config, ...other })).toBe(false);
});
