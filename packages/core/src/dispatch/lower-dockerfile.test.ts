import { add } from '@strake/instruction-add';
import { arg } from '@strake/instruction-arg';
import { cmd } from '@strake/instruction-cmd';
import { copy } from '@strake/instruction-copy';
import { entrypoint } from '@strake/instruction-entrypoint';
import { env } from '@strake/instruction-env';
import { expose } from '@strake/instruction-expose';
import { from } from '@strake/instruction-from';
import { healthcheck } from '@strake/instruction-healthcheck';
import { label } from '@strake/instruction-label';
import { maintainer } from '@strake/instruction-maintainer';
import { onbuild } from '@strake/instruction-onbuild';
import { run } from '@strake/instruction-run';
import { shell } from '@strake/instruction-shell';
import { stopsignal } from '@strake/instruction-stopsignal';
import { user } from '@strake/instruction-user';
import { volume } from '@strake/instruction-volume';
import { workdir } from '@strake/instruction-workdir';
import type { ContainerConfig, Platform, Plugin } from '@strake/api';
import { createRegistry } from '../hooks/registry';
import { parseDockerfile } from '../parser/parse-dockerfile';
import { lowerDockerfile, type LowerOptions } from './lower-dockerfile';

const plugins: readonly Plugin[] = [add, arg, cmd, copy, entrypoint, env, expose, from, healthcheck, label, maintainer, onbuild, run, shell, stopsignal, user, volume, workdir];
const platform: Platform = { os: 'linux', architecture: 'amd64' };
const registry = plugins.reduce((all, plugin) => all.use(plugin), createRegistry()).freeze();

function lower(text: string, options: Partial<LowerOptions> = {}, config: ContainerConfig = {}) {
  const file = parseDockerfile(text, { file: 'Dockerfile', syntax: registry.syntax });
  return lowerDockerfile(file, {
    registry, buildArgs: {}, labels: {}, platform, buildPlatform: platform, namedContexts: new Set(), now: '2026-01-01T00:00:00Z', signal: new AbortController().signal,
    resolveImage: async (reference, wanted) => ({
      reference: `${reference}@sha256:1`, digest: 'sha256:1', platform: wanted,
      config: { architecture: 'amd64', os: 'linux', config, rootfs: { type: 'layers', diff_ids: ['sha256:2'] }, history: [] },
    }),
    ...options,
  });
}

const histories: readonly (readonly [string, string, string])[] = [
  ['RUN with arguments', 'ARG a=b\nRUN make', 'RUN |1 a=b /bin/sh -c make # strake'],
  ['ENV beats ARG', 'ARG a=b\nENV a=c\nRUN make', 'RUN |1 a=c /bin/sh -c make # strake'],
  ['ARG without value', 'ARG a\nRUN ["make"]', 'RUN |1 a= make # strake'],
  ['COPY', 'COPY a b', 'COPY a b # strake'],
  ['COPY of a here-document', 'COPY <<f /x/\nhi\nf', 'COPY <<f /x/ # strake'],
  ['WORKDIR', 'WORKDIR /a/../b', 'WORKDIR /b'],
  ['ENV', 'ENV a=b c="d e"', 'ENV a=b c=d e'],
  ['ENV, legacy', 'ENV a b c', 'ENV a=b c'],
  ['LABEL', 'LABEL a=b', 'LABEL a=b'],
  ['CMD', 'CMD ["a", "b"]', 'CMD ["a" "b"]'],
  ['CMD, shell form', 'CMD x "y"', 'CMD ["/bin/sh" "-c" "x \\"y\\""]'],
  ['ENTRYPOINT', 'ENTRYPOINT ["a"]', 'ENTRYPOINT ["a"]'],
  ['EXPOSE', 'EXPOSE 80-81 53/UDP', 'EXPOSE [53/udp 80/tcp 81/tcp]'],
  ['VOLUME', 'VOLUME /a /b', 'VOLUME [/a /b]'],
  ['USER', 'USER a:b', 'USER a:b'],
  ['STOPSIGNAL', 'STOPSIGNAL SIGTERM', 'STOPSIGNAL SIGTERM'],
  ['SHELL', 'SHELL ["a", "b"]', 'SHELL [a b]'],
  ['ARG', 'ARG a=1 b=$a', 'ARG a=1 b=1'],
  ['MAINTAINER', 'MAINTAINER me', 'MAINTAINER me'],
  ['HEALTHCHECK', 'HEALTHCHECK --interval=90s --retries=3 CMD x', 'HEALTHCHECK {Test:[CMD-SHELL x] Interval:1m30s Timeout:0s StartPeriod:0s StartInterval:0s Retries:3}'],
];

describe('history', () => {
  test.each(histories)('%s', async (_name, text, expected) => {
    const [result] = (await lower(`FROM scratch\n${text}\n`)).results;
    expect(result?.history.at(-1)?.created_by).toBe(expected);
  });
});

const errors: readonly (readonly [string, string])[] = [
  ['FROM scratch\nRUNN x', 'unknown instruction: RUNN'],
  ['RUN x', 'no build stage in current context'],
  ['ARG x', 'dockerfile contains no stages to build'],
  ['FROM scratch\nCOPY --form=a b c', 'unknown flag: --form'],
  ['FROM scratch\nRUN --mount=type=cache x', 'RUN --mount is not supported yet'],
  ['FROM scratch\nCOPY --from=x --from=y a b', 'duplicate flag specified: --from'],
  ['FROM scratch\nCOPY --chmod=9 a b', "invalid chmod parameter: '9'. it should be octal string and between 0 and 07777"],
  ['FROM scratch\nCOPY a b c', 'When using COPY with more than one source file, the destination must be a directory and end with a /'],
  ['FROM a b', 'FROM requires either one or three arguments'],
  ['FROM a AS b\nCOPY --from=b x y', 'circular dependency detected on stage: b'],
  ['FROM a AS b\nCOPY --from=c x y\nFROM d AS c\nFROM b', 'cannot copy from stage "c", it needs to be defined before current stage "b"'],
  ['FROM scratch\nCOPY --from=7 x y', 'invalid stage index 7'],
  ['FROM scratch\nSTOPSIGNAL NO', 'invalid signal: NO'],
  ['FROM scratch\nHEALTHCHECK --interval=1us CMD x', 'Interval "interval" cannot be less than 1ms'],
];

describe('errors', () => {
  test.each(errors)('%s', async (text, message) => {
    await expect(lower(text)).rejects.toMatchObject({ message, range: { file: 'Dockerfile' } });
  });

  test('an unknown target', async () => {
    await expect(lower('FROM scratch AS build', { target: 'biuld' })).rejects.toMatchObject({ code: 'UNKNOWN_STAGE', hint: 'did you mean build?' });
  });

  test('cancellation', async () => {
    await expect(lower('FROM scratch\nENV a=b', { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

describe('arguments and stages', () => {
  const env1 = async (text: string, options: Partial<LowerOptions> = {}) => {
    const op = (await lower(text, options)).vertices.at(-1)?.ops[0];
    return op?.type === 'exec' ? op.env.filter((entry) => !entry.startsWith('PATH=')) : [];
  };

  test.each([
    ['a global is not seen', 'ARG g=1\nFROM scratch\nRUN x', {}, []],
    ['a global is imported', 'ARG g=1\nFROM scratch\nARG g\nRUN x', {}, ['g=1']],
    ['a build argument wins', 'ARG g=1\nFROM scratch\nARG g=2\nRUN x', { g: '3' }, ['g=3']],
    ['an automatic one is imported', 'FROM scratch\nARG TARGETARCH\nRUN x', {}, ['TARGETARCH=amd64']],
    ['a stage inherits those of its base', 'FROM scratch AS a\nARG g=1\nFROM a\nRUN x', {}, ['g=1']],
    ['a proxy is not in the environment', 'FROM scratch\nRUN x', { http_proxy: 'p' }, []],
  ])('%s', async (_name, text, buildArgs, expected) => {
    expect(await env1(text, { buildArgs })).toEqual(expected);
  });

  test('proxies are no part of the key', async () => {
    const [plain, proxied] = [await lower('FROM scratch\nRUN x'), await lower('FROM scratch\nRUN x', { buildArgs: { http_proxy: 'p' } })];
    expect(proxied.vertices[0]?.digest).toBe(plain.vertices[0]?.digest);
    expect(proxied.vertices[0]?.unkeyedEnv).toEqual(['HTTP_PROXY=p', 'http_proxy=p']);
  });

  test('stages that nothing needs are not built', async () => {
    expect((await lower('FROM a\nRUN no\nFROM scratch\nRUN yes')).vertices).toHaveLength(1);
  });

  test('triggers run after FROM and are not inherited', async () => {
    const graph = await lower('FROM a\nENV z=1', {}, { OnBuild: ['ENV y=2'] });
    expect(graph.results[0]?.config.config.Env?.slice(-2)).toEqual(['y=2', 'z=1']);
    expect(graph.results[0]?.config.config.OnBuild).toBeUndefined();
  });

  test('ENTRYPOINT clears the base CMD only', async () => {
    const config = async (text: string) => (await lower(text, {}, { Cmd: ['base'] })).results[0]?.config.config.Cmd;
    expect(await config('FROM a\nENTRYPOINT ["x"]')).toBeUndefined();
    expect(await config('FROM a\nCMD ["y"]\nENTRYPOINT ["x"]')).toEqual(['y']);
  });

  test('unused build arguments are told', async () => {
    expect((await lower('FROM scratch', { buildArgs: { B: '1', A: '1' } })).warnings[0]?.message).toBe('One or more build-args [A B] were not consumed');
  });
});
