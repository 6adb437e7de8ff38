import { createServer } from 'node:http';
import { build, BUILD_EVENTS_VERSION, createBuilder, defineConfig, defineInstruction, StrakeError, type BuildEvent, type BuildOptions, type BuildResult } from 'strake';
import { StrakeError as ApiError, type Backend, type Plugin } from '@strake/api';

const note = defineInstruction({
  keyword: 'NOTE',
  summary: 'writes a note',
  args: { kind: 'raw', expand: 'word' },
  lower: ({ args }) => ({ ops: [{ type: 'mkfile', path: '/note', content: args, mode: 0o644 }] }),
});
const plugins: readonly Plugin[] = [note];
const config = defineConfig({ plugins, store: process.argv[2], credentials: (host) => (host === 'a.test' ? { token: 't' } : undefined) });

const options: BuildOptions = { context: { files: { Dockerfile: 'FROM scratch\nNOTE hello\n' } } };
const builder = await createBuilder(config);
const run = builder.start(options);
const version: 1 = run.events.version;
const types: BuildEvent['type'][] = [];
for await (const event of run.events) {
  types.push(event.type);
  // @ts-expect-error only a log event has data
  if (event.type === 'done') void event.data;
}
const result: BuildResult = await run.result;
const failure: unknown = await build({ ...options, config, target: 'none' }).catch((error: unknown) => error);
await builder.close();
// @ts-expect-error a tag is a text
void ((): BuildOptions => ({ tags: [1] }));
void ((backend: Backend, server = createServer()): unknown => [backend.capabilities.ops, server]);
const sameClass = failure instanceof StrakeError && failure instanceof ApiError;
process.stdout.write(JSON.stringify({ types, id: result.imageId.slice(0, 7), version: version === BUILD_EVENTS_VERSION, sameClass }));
