import { defineInstruction, type Plugin } from '@strake/api';
import { run } from '@strake/instruction-run';
import { instructionTest } from '@strake/testing';
import { createRegistry } from '@strake/core';
import { runHooks } from './index';

const exec = { type: 'exec', cwd: '/', user: '', network: 'default', env: [] } as const;
const make = ['/bin/sh', '-c', 'make'] as const;
const history = 'RUN /bin/sh -c make';

/** RUN as it is with hooks, for the table and the laws. */
function with_(plugin: Plugin) {
  const { table, hooks } = createRegistry().use(run).use(plugin).freeze();
  const definition = table.get('RUN');
  if (definition === undefined) throw new TypeError('RUN is defined');
  return defineInstruction({ ...definition, lower: (instruction, stage) => hooks.after.for('RUN').call(definition.lower(instruction, stage), instruction, stage) });
}

describe('words before the program', () => {
  instructionTest(with_(runHooks({ wrap: ['/bin/trace', '--'], when: ({ text }) => !text.includes('skip') })), {
    flags: [],
    lowers: [
      { text: 'RUN make', expected: { ops: [{ ...exec, args: ['/bin/trace', '--', ...make] }], history } },
      { text: 'RUN ["/skip"]', expected: { ops: [{ ...exec, args: ['/skip'] }], history: 'RUN /skip' } },
      {
        name: 'a here-document with a program of its own', text: 'RUN <<E\n#!/bin/python\nE',
        expected: { ops: [{ ...exec, args: ['/bin/trace', '--', '/bin/sh', '-c', '/dev/pipes/E'], scripts: [{ name: 'E', content: '#!/bin/python\n' }] }], history: 'RUN /bin/sh -c /dev/pipes/E' },
      },
    ],
  }, test);
});

describe('mounts, a program before and one after', () => {
  const cache = { type: 'cache', target: '/var/cache', id: 'apt', sharing: 'locked', readonly: false } as const;
  instructionTest(with_(runHooks({ mounts: [cache], prepend: 'apt-get update', verify: ['/scan', '--quiet'], wrap: (words) => ['env', '-i', ...words] })), {
    flags: [],
    lowers: [
      {
        text: 'RUN --mount=type=tmpfs,target=/tmp make',
        expected: {
          ops: [['/bin/sh', '-c', 'apt-get update'], ['env', '-i', ...make], ['/scan', '--quiet']].map((args) => ({ ...exec, args, mounts: [{ type: 'tmpfs', target: '/tmp' }, cache] })),
          history,
        },
      },
    ],
    refuses: [],
  }, test);

  test('two mounts at one place are refused', () => {
    const plugin = runHooks({ mounts: [cache] });
    const { hooks } = createRegistry().use(run).use(plugin).freeze();
    const lowered = { ops: [{ ...exec, args: make, mounts: [{ type: 'tmpfs' as const, target: '/var/cache' }] }] };
    expect(() => hooks.after.for('RUN').call(lowered, { keyword: 'RUN', flags: {}, args: undefined, heredocs: [], text: 'RUN make' }, undefined as never)).toThrow('a hook mounts /var/cache, and so does the instruction');
  });
});
