import type { Platform } from '@strake/api';
import { lowerText } from '../test-support/lower-text';

const AMD64: Platform = { os: 'linux', architecture: 'amd64' };
const ARM64: Platform = { os: 'linux', architecture: 'arm64' };
const platforms = [AMD64, ARM64];

const names = async (text: string): Promise<readonly string[]> => (await lowerText(text, { platforms })).vertices.map(({ note }) => note.name);

test('each platform has a result, and what they share is there once', async () => {
  const graph = await lowerText('FROM --platform=$BUILDPLATFORM base AS tool\nRUN make\nFROM base\nCOPY --from=tool /x /\nRUN x\n', { platforms });
  expect(graph.results.map(({ platform, config }) => [platform.architecture, config.architecture])).toEqual([['amd64', 'amd64'], ['arm64', 'arm64']]);
  expect(graph.results[0]!.root).not.toBe(graph.results[1]!.root);
  expect(graph.vertices.map(({ note }) => note.name)).toEqual([
    '[linux/amd64 stage-1 1/3] FROM docker.io/library/base:latest@sha256:base',
    '[linux/amd64 tool 2/2] RUN make',
    '[linux/amd64 stage-1 2/3] COPY --from=tool /x /',
    '[linux/amd64 stage-1 3/3] RUN x',
    expect.stringMatching(/^\[linux\/arm64 stage-1 1\/3\] FROM /),
    '[linux/arm64 stage-1 2/3] COPY --from=tool /x /',
    '[linux/arm64 stage-1 3/3] RUN x',
  ]);
  expect(graph.vertices.map(({ note }) => note.platform?.architecture)).toEqual([undefined, undefined, undefined, undefined, 'arm64', 'arm64', 'arm64']);
  expect(graph.stages.map(({ index, target }) => [index, target?.architecture])).toEqual([[0, 'amd64'], [1, 'amd64'], [0, 'arm64'], [1, 'arm64']]);
});

test('a pinned stage that knows its target is there for each', async () => {
  expect(await names('FROM --platform=$BUILDPLATFORM base AS tool\nARG TARGETARCH\nRUN make\n')).toEqual([
    expect.stringMatching(/^\[linux\/amd64 1\/2\] FROM /), '[linux/amd64 2/2] RUN make', '[linux/amd64->arm64 2/2] RUN make',
  ]);
});

test('a stage on a pinned stage has its platform', async () => {
  const { vertices } = await lowerText('FROM --platform=linux/s390x base AS a\nFROM a\nRUN x\n', { platforms });
  expect(vertices.map(({ note }) => [note.platform?.architecture, note.name.replace(/@.*/, '')])).toEqual([
    ['s390x', '[linux/s390x a 1/1] FROM docker.io/library/base:latest'], ['s390x', '[linux/s390x stage-1 1/1] RUN x'],
  ]);
});

test('warnings of several platforms are given once', async () => {
  const { warnings } = await lowerText('FROM base\n', { platforms, buildArgs: { unused: 'x' } });
  expect(warnings).toHaveLength(1);
});

describe('SOURCE_DATE_EPOCH', () => {
  const clampOf = async (text: string, value?: string, epoch?: number) => {
    const { results: [result] } = await lowerText(text, { buildArgs: value === undefined ? {} : { SOURCE_DATE_EPOCH: value }, ...(epoch === undefined ? {} : { epoch }) });
    return { epoch: result?.clamp?.epoch, created: result?.config.created, history: result?.history.at(-1)?.created };
  };
  const at = (epoch: number, time: string) => ({ epoch, created: time, history: time });

  test('comes from the build argument, the file, or the caller', async () => {
    expect(await clampOf('FROM base\nRUN x\n', '1700000000')).toEqual(at(1700000000, '2023-11-14T22:13:20Z'));
    expect(await clampOf('ARG SOURCE_DATE_EPOCH=5\nFROM base\nRUN x\n')).toEqual(at(5, '1970-01-01T00:00:05Z'));
    expect(await clampOf('ARG SOURCE_DATE_EPOCH=5\nFROM base\nRUN x\n', '6')).toEqual(at(6, '1970-01-01T00:00:06Z'));
    expect(await clampOf('FROM base\nRUN x\n', 'context', 7)).toEqual(at(7, '1970-01-01T00:00:07Z'));
    expect(await clampOf('FROM base\nRUN x\n', '')).toMatchObject({ epoch: undefined });
  });

  test('is in no key of a stage that does not ask for it', async () => {
    const digests = async (text: string, value: string) => (await lowerText(text, { buildArgs: { SOURCE_DATE_EPOCH: value } })).vertices.map(({ digest }) => digest);
    expect(await digests('FROM base\nRUN x\n', '1')).toEqual(await digests('FROM base\nRUN x\n', '2'));
    expect(await digests('FROM base\nARG SOURCE_DATE_EPOCH\nRUN x\n', '1')).not.toEqual(await digests('FROM base\nARG SOURCE_DATE_EPOCH\nRUN x\n', '2'));
  });

  test('names the base layers that stay', async () => {
    const { results: [result] } = await lowerText('FROM base AS a\nRUN x\nFROM a\nRUN y\n', { buildArgs: { SOURCE_DATE_EPOCH: '1' } });
    expect(result?.clamp?.baseLayers).toHaveLength(1);
  });

  test.each(['yesterday', '-1', '1.5', '99999999999999'])('%s is refused', async (value) => {
    await expect(clampOf('FROM base\n', value)).rejects.toMatchObject({ code: 'INVALID_ARGUMENTS', message: `invalid SOURCE_DATE_EPOCH: ${value}` });
  });
});
