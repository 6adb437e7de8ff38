import { instructionTest } from '@strake/testing';
import { workdir } from './index';

instructionTest(workdir, {
  lowers: [
    { text: 'WORKDIR /a/../b/', expected: { config: { workingDir: '/a/../b/' }, ops: [{ type: 'mkdir', path: '/b', mode: 0o755 }], history: 'WORKDIR /a/../b/' } },
    { text: 'WORKDIR c/../d/', stage: { workdir: '/b' }, expected: { config: { workingDir: '/b/d' }, ops: [{ type: 'mkdir', path: '/b/d', mode: 0o755 }], history: 'WORKDIR /b/d' } },
    { text: 'WORKDIR $d/x', stage: { workdir: '/srv', env: ['d=a'], config: { User: 'app' } }, expected: { config: { workingDir: '/srv/a/x' }, ops: [{ type: 'mkdir', path: '/srv/a/x', mode: 0o755, owner: 'app' }], history: 'WORKDIR /srv/a/x' } },
    { text: 'WORKDIR ../..', stage: { workdir: '/srv' }, expected: { config: { workingDir: '/' }, ops: [], history: 'WORKDIR /' } },
  ],
  refuses: [{ text: 'WORKDIR', message: 'WORKDIR requires exactly one argument', at: '1:1' }],
}, test);
