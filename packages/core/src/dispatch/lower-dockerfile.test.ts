import { lowerText } from '../test-support/lower-text';
import type { LowerOptions } from './lower-dockerfile';

const histories: readonly (readonly [string, string, string])[] = [
  ['RUN with arguments', 'ARG a=b\nRUN make', 'RUN |1 a=b /bin/sh -c make # strake'],
  ['ENV beats ARG', 'ARG a=b\nENV a=c\nRUN make', 'RUN |1 a=c /bin/sh -c make # strake'],
  ['ARG without value', 'ARG a\nRUN ["make"]', 'RUN |1 a= make # strake'],
  ['COPY', 'COPY a b', 'COPY a b # strake'],
  ['COPY of a here-document', 'COPY <<f /x/\nhi\nf', 'COPY <<f /x/ # strake'],
  ['WORKDIR', 'WORKDIR /a/../b', 'WORKDIR /a/../b'],
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
  ['HEALTHCHECK', 'HEALTHCHECK --interval=90s --retries=3 CMD x', String.raw`HEALTHCHECK &{["CMD-SHELL" "x"] "1m30s" "0s" "0s" "0s" '\x03'}`],
];

describe('history', () => {
  test.each(histories)('%s', async (_name, text, expected) => {
    const [result] = (await lowerText(`FROM scratch\n${text}\n`)).results;
    expect(result?.history.at(-1)?.created_by).toBe(expected);
  });
});

describe('errors', () => {
  test('an unknown target', async () => {
    await expect(lowerText('FROM scratch AS build', { target: 'biuld' })).rejects.toMatchObject({
      code: 'UNKNOWN_STAGE', hint: 'did you mean build?', notes: ['the stages are: build'],
    });
  });

  test('cancellation', async () => {
    await expect(lowerText('FROM scratch\nENV a=b', { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

describe('arguments and stages', () => {
  const env1 = async (text: string, options: Partial<LowerOptions> = {}) => {
    const op = (await lowerText(text, options)).vertices.at(-1)?.ops[0];
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
    const [plain, proxied] = [await lowerText('FROM scratch\nRUN x'), await lowerText('FROM scratch\nRUN x', { buildArgs: { http_proxy: 'p' } })];
    expect(proxied.vertices[0]?.digest).toBe(plain.vertices[0]?.digest);
    expect(proxied.vertices[0]?.unkeyedEnv).toEqual(['HTTP_PROXY=p', 'http_proxy=p']);
  });

  test('a named image takes the place of a stage', async () => {
    const { vertices } = await lowerText('FROM scratch AS plain\nRUN never\nFROM plain\nCOPY --from=plain a b', { namedImages: new Set(['plain']) });
    expect(vertices.map(({ note }) => note.name)).toEqual(['[plain 1/1] FROM docker.io/library/plain:latest@sha256:plain', '[stage-1 1/1] COPY --from=plain a b']);
  });

  test('a named directory takes the place of a stage that is copied from', async () => {
    const { vertices } = await lowerText('FROM scratch AS docs\nRUN never\nFROM scratch\nCOPY --from=docs a b', { namedContexts: new Set(['docs']) });
    expect(vertices.map(({ note }) => note.name)).toEqual(['[context docs] load from client', '[stage-1 1/1] COPY --from=docs a b']);
  });

  test.each<[string, Record<string, string>, string, readonly string[]]>([
    ['a stage', { x: 'one' }, 'FROM scratch AS one\nRUN a\nFROM x\nRUN b', ['[one 1/1] RUN a', '[stage-1 1/1] RUN b']],
    ['a stage by its index', { x: '0' }, 'FROM scratch\nRUN a\nFROM scratch\nCOPY --from=x f .', ['[stage-0 1/1] RUN a', '[stage-1 1/1] COPY --from=x f .']],
    ['a stage by way of ten names', Object.fromEntries([['x', 'n1'], ...Array.from({ length: 8 }, (_, at) => [`n${at + 1}`, `n${at + 2}`]), ['n9', 'one']]), 'FROM scratch AS one\nRUN a\nFROM x', ['[one 1/1] RUN a']],
    ['another stage than its own', { two: 'one' }, 'FROM scratch AS one\nRUN a\nFROM none AS two\nRUN never\nFROM two', ['[one 1/1] RUN a']],
  ])('a name stands for %s', async (_, names, text, expected) => {
    expect((await lowerText(text, { namedStages: new Map(Object.entries(names)) })).vertices.map(({ note }) => note.name)).toEqual(expected);
  });

  test.each<[string, Record<string, string>, string, string]>([
    ['no stage', { x: 'y' }, 'FROM scratch', 'UNKNOWN_STAGE'],
    ['itself', { x: 'x' }, 'FROM scratch', 'INVALID_STAGE'],
    ['more than ten names', Object.fromEntries([['x', 'n1'], ...Array.from({ length: 9 }, (_, at) => [`n${at + 1}`, `n${at + 2}`]), ['n10', 'one']]), 'FROM scratch AS one\nFROM x', 'INVALID_STAGE'],
    ['the stage that starts from it', { x: 'one' }, 'FROM x AS one', 'INVALID_STAGE'],
    ['a later stage that is copied from', { x: 'three' }, 'FROM scratch AS two\nFROM scratch AS one\nCOPY --from=x a b\nFROM scratch AS three\nFROM one', 'INVALID_STAGE'],
  ])('a name that stands for %s is refused', async (_, names, text, code) => {
    await expect(lowerText(text, { namedStages: new Map(Object.entries(names)) })).rejects.toMatchObject({ code });
  });

  test('stages that nothing needs are not built', async () => {
    expect((await lowerText('FROM plain\nRUN no\nFROM scratch\nRUN yes')).vertices).toHaveLength(1);
  });

  test('triggers run after FROM and are not inherited', async () => {
    const graph = await lowerText('FROM triggers\nENV z=1', { buildArgs: { who: 'us' } });
    expect(graph.results[0]?.history.map((entry) => entry.created_by)).toEqual(['the base', 'ARG who=us', 'COPY <<greeting / # strake', 'RUN |1 who=us /bin/sh -c make $who # strake', 'ENV z=1']);
    expect(graph.results[0]?.config.config.OnBuild).toBeUndefined();
    expect(graph.warnings).toEqual([]);
  });

  test('ENTRYPOINT clears the base CMD only', async () => {
    const config = async (text: string) => (await lowerText(text)).results[0]?.config.config.Cmd;
    expect(await config('FROM base\nENTRYPOINT ["x"]')).toBeUndefined();
    expect(await config('FROM base\nCMD ["y"]\nENTRYPOINT ["x"]')).toEqual(['y']);
  });

  test('unused build arguments are told', async () => {
    expect((await lowerText('FROM scratch', { buildArgs: { B: '1', A: '1' } })).warnings[0]?.message).toBe('One or more build-args [A B] were not consumed');
  });
});

// FROM, the instructions before RUN, given build arguments, and what RUN sees of X, both in a program and in the history.
const precedence: readonly (readonly [string, string, Readonly<Record<string, string>>, string, string])[] = [
  ['ENV alone', 'ENV X=env', {}, 'X=env', 'RUN'],
  ['ARG alone', 'ARG X=arg', {}, 'X=arg', 'RUN |1 X=arg'],
  ['ARG, then ENV', 'ARG X=arg\nENV X=env', {}, 'X=env', 'RUN |1 X=env'],
  ['ENV, then ARG', 'ENV X=env\nARG X=arg', {}, 'X=arg', 'RUN |1 X=arg'],
  ['ENV, then ARG without a value', 'ENV X=env\nARG X', {}, 'X=env', 'RUN |1 X=env'],
  ['ENV, then ARG that is given', 'ENV X=env\nARG X', { X: 'given' }, 'X=given', 'RUN |1 X=given'],
  ['ARG that is given, then ENV', 'ARG X\nENV X=env', { X: 'given' }, 'X=env', 'RUN |1 X=env'],
  ['ARG that is given, then ENV of it', 'ARG X\nENV X=${X}-more', { X: 'given' }, 'X=given-more', 'RUN |1 X=given-more'],
  ['ARG twice', 'ARG X=1\nARG X=2', {}, 'X=2', 'RUN |1 X=2'],
  ['ARG, then ARG without a value', 'ARG X=1\nARG X', {}, 'X=1', 'RUN |1 X=1'],
  ['ENV, ARG, ENV', 'ENV X=1\nARG X=2\nENV X=3', {}, 'X=3', 'RUN |1 X=3'],
];

describe('ENV and ARG of one name', () => {
  const seen = async (text: string, buildArgs: Readonly<Record<string, string>>) => {
    const { vertices, results } = await lowerText(text, { buildArgs });
    const op = vertices.at(-1)?.ops[0];
    return { env: op?.type === 'exec' ? op.env.filter((entry) => entry.startsWith('X=')) : [], created_by: results[0]?.history.at(-1)?.created_by };
  };

  test.each(precedence)('%s', async (_name, text, buildArgs, variable, history) => {
    expect(await seen(`FROM scratch\n${text}\nRUN x`, buildArgs)).toEqual({ env: [variable], created_by: `${history} /bin/sh -c x # strake` });
  });

  test('a stage on a stage sets its variables anew', async () => {
    expect(await seen('FROM scratch AS a\nENV X=env\nARG X=arg\nFROM a\nRUN x', {})).toEqual({ env: ['X=env'], created_by: 'RUN |1 X=env /bin/sh -c x # strake' });
  });

  test('the image keeps the variable that ENV set', async () => {
    const { results } = await lowerText('FROM scratch\nENV X=env\nARG X=arg');
    expect(results[0]?.config.config.Env).toContain('X=env');
  });
});

describe('the list of instructions', () => {
  const listed = async (text: string) => {
    const { stages, vertices } = await lowerText(text);
    const number = (digest: string | null) => (digest === null ? null : vertices.findIndex((vertex) => vertex.digest === digest));
    return stages.map(({ index, name, text: from, base, steps }) => ({
      index, name, from, base: number(base),
      steps: steps.map(({ text: written, state, trigger = false, config }) => [written, number(state), trigger, config.Env?.length] as const),
    }));
  };

  test('every instruction of a needed stage, with the state and the config after it', async () => {
    expect(await listed('FROM scratch AS a\nENV X=1\nRUN \\\n  x\nFROM scratch AS unused\nRUN y\nFROM a\nARG z\nENV Y=2\n')).toEqual([
      { index: 0, name: 'a', from: 'FROM scratch AS a', base: null, steps: [['ENV X=1', null, false, 2], ['RUN   x', 0, false, 2]] },
      { index: 2, name: undefined, from: 'FROM a', base: 0, steps: [['ARG z', 0, false, 2], ['ENV Y=2', 0, false, 3]] },
    ]);
  });

  test('triggers come first', async () => {
    expect(await listed('FROM scratch AS a\nONBUILD RUN x\nFROM a\nRUN y\n')).toMatchObject([
      { steps: [['ONBUILD RUN x', null, false, 1]] },
      { base: null, steps: [['RUN x', 0, true, 1], ['RUN y', 1, false, 1]] },
    ]);
  });
});
