import type { LoweredExec, LoweredMount } from '@strake/api';
import { instructionTest, type LoweredRow, type RefusedRow } from '@strake/testing';
import { run } from './index';

const exec = (args: readonly string[], more: Partial<LoweredExec> = {}): LoweredExec => ({ type: 'exec', args, env: [], cwd: '/', user: '', network: 'default', ...more });

const mount = (one: LoweredMount): Partial<LoweredExec> => ({ mounts: [one] });
const row = (flags: string, more: Partial<LoweredExec>, rest: Partial<LoweredRow> = {}): LoweredRow => {
  const { stage, expected } = rest;
  const { workdir: cwd = '/', env = [] } = stage ?? {};
  return { text: `RUN ${flags} x`, ...(stage === undefined ? {} : { stage }), expected: { ops: [exec(['/bin/sh', '-c', 'x'], { cwd, env, ...more })], history: 'RUN /bin/sh -c x', ...expected } };
};
const refusedFlag = (flag: string, message: string, hint?: string): RefusedRow => ({ text: `RUN ${flag} x`, message, at: '1:5', code: 'INVALID_FLAG', ...(hint === undefined ? {} : { hint }) });

const context = { kind: 'context' } as const;
const bind = { type: 'bind', target: '/t', from: context, source: '/', readonly: true } as const;
const cache = { type: 'cache', target: '/t', id: '/t', sharing: 'shared', readonly: false } as const;
const secret = { type: 'secret', id: 's', required: false, mode: 0o400, uid: 0, gid: 0 } as const;
const ssh = { type: 'ssh', id: 'default', target: '/run/buildkit/ssh_agent.0', required: false, mode: 0o600, uid: 0, gid: 0 } as const;
const socket = { env: ['SSH_AUTH_SOCK=/run/buildkit/ssh_agent.0'] };

const lowered: readonly LoweredRow[] = [
  row('--mount=target=/t', mount(bind)),
  row('--mount=type=bind,dst=/t,src=a/../b/', mount({ ...bind, source: '/b' })),
  row('--mount=TYPE=Bind,destination=/t,source=../../x', mount({ ...bind, source: '/x' })),
  row('--mount=target=/t,from=build,rw', mount({ ...bind, from: { kind: 'named', name: 'build' }, readonly: false })),
  row('--mount=target=/t,readwrite=false', mount(bind)),
  row('--mount=target=/t,ro=0', mount({ ...bind, readonly: false })),
  row('--mount=target=t/../u', mount({ ...bind, target: '/w/u' }), { stage: { workdir: '/w' } }),
  row('--mount=source=a', mount({ ...bind, target: '/w', source: '/a' }), { stage: { workdir: '/w' } }),
  row('--mount=type=$type,target=$dir/x,source=${none:-s}', mount({ ...bind, target: '/d/x', source: '/s' }), { stage: { env: ['type=bind', 'dir=/d'] } }),
  row('--mount=target=/t,source=$list', mount({ ...bind, source: '/a,rw' }), { stage: { env: ['list=a,rw'] } }),
  row('--mount=target=/t,from=$stage', mount({ ...bind, from: { kind: 'named', name: '$stage' } })),
  row("--mount='target=/t,\"source=a,b\"'", mount({ ...bind, source: '/a,b' })),
  row('--mount=type=cache,target=/t', mount(cache)),
  row('--mount=type=cache,target=t/', mount({ ...cache, target: '/w/t', id: 't' }), { stage: { workdir: '/w' } }),
  row('--mount=type=cache,target=/t,id=c,sharing=LOCKED,ro,from=b,source=s,mode=0700,uid=5,gid=6', mount({ ...cache, id: 'c', sharing: 'locked', readonly: true, from: { origin: { kind: 'named', name: 'b' }, source: '/s' }, mode: 0o700, uid: 5, gid: 6 })),
  row('--mount=type=cache,target=/t,sharing=private', mount({ ...cache, sharing: 'private' })),
  row('--mount=type=tmpfs,target=/t', mount({ type: 'tmpfs', target: '/t' })),
  ...([['64m', 64 << 20], ['1.5KiB', 1536], ['10', 10], ['2g', 2 ** 31], ['.5 MB', 1 << 19], ['1b', 1]] as const).map(([size, bytes]) => row(`--mount='type=tmpfs,target=/t,size=${size}'`, mount({ type: 'tmpfs', target: '/t', size: bytes }))),
  row('--mount=type=tmpfs,target=/t,size=0,ro', mount({ type: 'tmpfs', target: '/t', readonly: true })),
  row('--mount=type=secret,id=a/s', mount({ ...secret, id: 'a/s', target: '/run/secrets/s' })),
  row('--mount=type=secret,source=s,target=f', mount({ ...secret, target: '/w/f' }), { stage: { workdir: '/w' } }),
  row('--mount=type=secret,target=/etc/s', mount({ ...secret, target: '/etc/s' })),
  row('--mount=type=secret,id=s,env=S', mount({ ...secret, env: 'S' })),
  row('--mount=type=secret,id=s,env=S,target=/f,required,uid=1,gid=2,mode=0444', mount({ ...secret, env: 'S', target: '/f', required: true, uid: 1, gid: 2, mode: 0o444 })),
  row('--mount=type=secret,id=s,uid=1', mount({ ...secret, target: '/run/secrets/s', uid: 1 })),
  row('--mount=type=ssh', { ...mount(ssh), ...socket }),
  row('--mount=type=ssh,id=work,target=/a,required=true,mode=0666', { ...mount({ ...ssh, id: 'work', target: '/a', required: true, mode: 0o666 }), env: ['SSH_AUTH_SOCK=/a'] }),
  row('--mount=type=ssh,target=/a --mount=type=ssh', { mounts: [{ ...ssh, target: '/a' }, { ...ssh, target: '/run/buildkit/ssh_agent.1' }], env: ['SSH_AUTH_SOCK=/a'] }),
  row('--mount=type=ssh', { ...mount(ssh), env: ['SSH_AUTH_SOCK=own'] }, { stage: { env: ['SSH_AUTH_SOCK=own'] } }),
  { ...row('--mount=target=/t/b --mount=type=tmpfs,target=/t', { mounts: [{ type: 'tmpfs', target: '/t' }, { ...bind, target: '/t/b' }] }), name: 'parents come first' },
  {
    ...row('--mount=type=secret,id=s,target=/t --mount=target=/t', mount({ ...secret, target: '/t' }), { expected: { warnings: [{ code: 'DuplicateMountTarget', message: 'several mounts have the target /t: only the last one is seen' }] } }),
    name: 'of two with one target a secret is seen',
  },
  row('--mount=type=tmpfs,target=/t,from=a', mount({ type: 'tmpfs', target: '/t' }), { expected: { warnings: [{ code: 'UnusedMountOption', message: 'from means nothing for a mount of type tmpfs' }] } }),
  row('--security=insecure', { security: 'insecure' }),
  row('--security=sandbox', {}),
  row('--device=v.test/c=n', { devices: [{ name: 'v.test/c=n', required: false }] }),
  row('--device=v.test/c,required --device=name=v.test/d=*,required=false', { devices: [{ name: 'v.test/c', required: true }, { name: 'v.test/d=*', required: false }] }),
];

const devices: readonly (readonly [text: string, message: string, hint?: string])[] = [
  ['required', 'a device needs a name', 'write --device=vendor.example/class=name'],
  ['name=a,name=b', 'device name already set to a'],
  ['a,required=maybe', 'invalid value for required: maybe'],
  ['a,requird=1', "unexpected key 'requird' in 'requird=1'", 'did you mean required?'],
  ['a,b', "invalid field 'b' must be a key=value pair"],
];

const mounts: readonly (readonly [text: string, message: string, hint?: string])[] = [
  ['target=/', 'invalid mount target "/"', 'nothing can be mounted on the root'],
  ['target=/a/..', 'invalid mount target "/a/.."', 'nothing can be mounted on the root'],
  ['type=volume,target=/t', 'unsupported mount type "volume"', 'known are bind, cache, tmpfs, secret, ssh'],
  ['type=cahce,target=/t', 'unsupported mount type "cahce"', 'did you mean cache?'],
  ['type=cache,target=/t,shraing=shared', "unexpected key 'shraing' in 'shraing=shared'", 'did you mean sharing?'],
  ['type=cache,target=/t,sharing=public', 'unsupported sharing value "public"', 'known are shared, private, locked'],
  ['target', "invalid field 'target' must be a key=value pair"],
  ['nonsense', "invalid field 'nonsense' must be a key=value pair"],
  ['target=/t,ro=maybe', 'invalid value for ro: maybe'],
  ['target=/t,rw=maybe', 'invalid value for rw: maybe'],
  ['target=/t,required', "unexpected key 'required' for mount type 'bind'", 'only secret and ssh mounts have it, and type= must stand before it'],
  ['required,type=secret,id=s', "unexpected key 'required' for mount type 'bind'", 'only secret and ssh mounts have it, and type= must stand before it'],
  ['type=cache,target=/t,size=1m', "unexpected key 'size' for mount type 'cache'", 'only tmpfs mounts have it, and type= must stand before it'],
  ['type=tmpfs,target=/t,size=many', 'invalid value for size: many'],
  ['type=tmpfs,target=/t,size=-1', 'invalid value for size: -1'],
  ['type=cache,target=/t,mode=9', 'invalid value 9 for mode'],
  ['type=cache,target=/t,uid=root', 'invalid value root for uid'],
  ['type=cache,target=/t,gid=4294967296', 'invalid value 4294967296 for gid'],
  ['target=/t,mode=0700', 'mode not allowed for "bind" type mounts'],
  ['type=tmpfs,target=/t,uid=1', 'uid not allowed for "tmpfs" type mounts'],
  ['target=/t,gid=1', 'gid not allowed for "bind" type mounts'],
  ['type=secret', 'invalid secret mount. one of source, target required', 'name the secret: id=NAME'],
  ['type=secret,id=a,source=b', "both source and id can't be set"],
  ['type=secret,id=a,from=b', 'secret mount should not have a from'],
  ['type=secret,id=a,sharing=shared', 'secret mount should not define sharing'],
  ['type=secret,id=a,env=', 'the name of the variable is empty', 'write env=NAME'],
  ['type=ssh,source=a', 'ssh does not support source'],
  ['type=tmpfs,target=/t,sharing=shared', 'invalid cache sharing set for tmpfs mount'],
  ['target=/t,$x', "invalid field '$x' must be a key=value pair"],
];

instructionTest(run, {
  lowers: [
    ...lowered,
    { name: 'a here-document whose tabs go', text: 'RUN cat <<-A\n\t1\n\tA', expected: { ops: [exec(['/bin/sh', '-c', 'cat <<-A\n\t1\nA'])], history: 'RUN /bin/sh -c cat <<-A\n\t1\nA' } },
    { text: 'RUN make "$x"', stage: { env: ['x=1'] }, expected: { ops: [exec(['/bin/sh', '-c', 'make "$x"'], { env: ['x=1'] })], history: 'RUN /bin/sh -c make "$x"' } },
    { text: 'RUN ["make", "$x"]', expected: { ops: [exec(['make', '$x'])], history: 'RUN make $x' } },
    { text: 'RUN --network=none x', stage: { network: 'host' }, expected: { ops: [exec(['/bin/sh', '-c', 'x'], { network: 'none' })], history: 'RUN /bin/sh -c x' } },
    {
      name: 'what the stage has',
      text: 'RUN x',
      stage: { shell: ['bash', '-e'], workdir: '/srv', network: 'host', config: { User: 'app' }, declared: ['a', 'b'], args: [{ name: 'a', value: '1' }], env: ['a=1'] },
      expected: { ops: [exec(['bash', '-e', 'x'], { cwd: '/srv', user: 'app', network: 'host', env: ['a=1'] })], history: 'RUN |2 a=1 b= bash -e x' },
    },
    { name: 'a here-document is the text', text: 'RUN <<E\na $x\nb\nE', expected: { ops: [exec(['/bin/sh', '-c', 'a $x\nb\n'])], history: 'RUN /bin/sh -c a $x\nb\n' } },
    {
      name: 'a here-document is a program',
      text: 'RUN <<E\n#!/bin/x\na\nE',
      expected: {
        ops: [exec(['/bin/sh', '-c', '/dev/pipes/E'], { scripts: [{ name: 'E', content: '#!/bin/x\na\n' }] })],
        history: 'RUN /bin/sh -c /dev/pipes/E',
      },
    },
    { name: 'here-documents after words', text: 'RUN cat <<A - <<B\n1\nA\n2\nB', expected: { ops: [exec(['/bin/sh', '-c', 'cat <<A - <<B\n1\nA\n2\nB'])], history: 'RUN /bin/sh -c cat <<A - <<B\n1\nA\n2\nB' } },
  ],
  refuses: [
    { text: 'RUN --network=bridge x', message: 'invalid network mode: "bridge"', at: '1:5', code: 'INVALID_FLAG' },
    { text: 'RUN --netwrok=none x', message: 'unknown flag: --netwrok', at: '1:5', code: 'UNKNOWN_FLAG', hint: 'did you mean --network?' },
    { text: 'RUN --security=none x', message: 'security "none" is not valid', at: '1:5', code: 'INVALID_FLAG' },
    ...devices.map(([text, message, hint]) => refusedFlag(`--device=${text}`, message, hint)),
    ...mounts.map(([text, message, hint]) => refusedFlag(`--mount=${text}`, message, hint)),
    { name: 'the second of two mounts', text: 'RUN --mount=target=/a \\\n  --mount=target=/b,x=y z', message: "unexpected key 'x' in 'x=y'", at: '2:3', code: 'INVALID_FLAG' },
  ],
}, test);
