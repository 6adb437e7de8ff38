import type { Digest, FailedState, Image, Vertex } from '@strake/api';
import type { Store } from '@strake/oci';
import { text } from 'node:stream/consumers';
import { PassThrough, Readable, type Writable } from 'node:stream';
import { namedTags } from '../build/named-tags';
import type { CommittedStep, FailedStep, StepExecOptions, StepExecResult } from './failed-step';

const DEFAULT_LIMIT = 16 << 20;
/** As docker shortens IDs. */
const ID_LENGTH = 12;

/** The handle of a failed state for the embedding program. */
export function openFailedStep({ note }: Vertex, state: FailedState, { store, signal }: { readonly store: Store; readonly signal: AbortSignal }): FailedStep {
  const image = (): Promise<Image> => {
    const { env, cwd, user } = state.program;
    return state.image({ Env: env, WorkingDir: cwd, ...(user === '' ? {} : { User: user }), Cmd: ['/bin/sh'] });
  };
  const commit = async (nameOf: (imageId: Digest) => readonly string[]): Promise<CommittedStep> => {
    const { configDescriptor, manifest } = await image();
    const names = namedTags(nameOf(configDescriptor.digest));
    for (const name of names) store.names.set(name, manifest);
    return { imageId: configDescriptor.digest, names };
  };
  return {
    ...state.program,
    name: note.name,
    stage: note.stage,
    ...(note.range === undefined ? {} : { range: note.range }),
    signal,
    exec: (args, options = {}) => exec(state, args, options),
    read: (path, { limit = DEFAULT_LIMIT } = {}) => state.read(path, limit),
    list: (path) => state.list(path),
    commit: async ({ tags = [] } = {}) => {
      const names = namedTags(tags);
      return commit(() => names);
    },
    keep: async () => {
      const { names } = await commit((imageId) => [`strake-failed:${imageId.slice('sha256:'.length, 'sha256:'.length + ID_LENGTH)}`]);
      return names[0] ?? '';
    },
  };
}

async function exec(state: FailedState, args: readonly string[], { env, stdin, stdout, stderr, ...rest }: StepExecOptions): Promise<StepExecResult> {
  const streams = { 1: outputOf(stdout), 2: outputOf(stderr) };
  try {
    const { exitCode } = await state.exec({
      args,
      ...rest,
      ...(env === undefined ? {} : { env: Object.entries(env).map(([name, value]) => `${name}=${value}`) }),
      ...(stdin === undefined ? {} : { stdin: (typeof stdin === 'string' ? Readable.from([Buffer.from(stdin)]) : stdin) as AsyncIterable<Uint8Array> }),
      output: (stream, data) => streams[stream].write(data),
    });
    return { exitCode, stdout: await streams[1].end(), stderr: await streams[2].end() };
  } catch (error) {
    await Promise.all([streams[1].end(), streams[2].end()]);
    throw error;
  }
}

/** A stream that the caller has, or one that is gathered. */
function outputOf(given: Writable | undefined): { write(data: Buffer): void; end(): Promise<string> } {
  if (given !== undefined) return { write: (data) => void given.write(data), end: async () => '' };
  const gathered = new PassThrough();
  const all = text(gathered);
  return {
    write: (data) => void gathered.write(data),
    end: () => {
      gathered.end();
      return all;
    },
  };
}
