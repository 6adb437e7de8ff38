// A program that embeds strake, and looks at itself: what it reads of the process, and what is left. Prints one JSON object; anything else on its output is strake's fault.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createBuilder } from 'strake';

const folder = process.argv[2];
const busybox = readFileSync('/bin/busybox');
const shell = 'FROM scratch\nCOPY --chmod=755 busybox /bin/sh\nENV PATH=/bin\n';
const files = (dockerfile) => ({ files: { Dockerfile: dockerfile } });

/** Everything that strake asks of the process from now on. */
function spyOn() {
  const seen = new Set();
  const env = process.env;
  const place = () => (new Error().stack ?? '').split('\n').find((line) => line.includes('/node_modules/')) ?? 'elsewhere';
  process.env = new Proxy(env, { get: (target, name) => (seen.add(`env.${String(name)} ${place()}`), target[name]) });
  const { cwd } = process;
  process.cwd = () => (seen.add(`cwd ${place()}`), cwd.call(process));
  return () => {
    [process.env, process.cwd] = [env, cwd];
    // What Node's own functions read, whoever calls them.
    return [...seen].filter((read) => !/^env\.(NODE_|FORCE_COLOR|NO_COLOR|__)/.test(read));
  };
}

const listeners = () => Object.fromEntries(process.eventNames().map((name) => [String(name), process.listenerCount(name)]));
const handles = () => process.getActiveResourcesInfo().filter((name) => !/^(TTYWrap|PipeWrap|Immediate)$/.test(name)).sort();
const descriptors = () => readdirSync('/proc/self/fd').length;
const threads = () => readdirSync('/proc/self/task').length;

/** Two builders at once: own store, own environment, own working directory, own plugins. */
async function apart() {
  const one = async (name) => {
    const cwd = join(folder, name);
    mkdirSync(join(cwd, 'context'), { recursive: true });
    writeFileSync(join(cwd, 'context', 'Dockerfile'), `${shell}COPY name /name\nRUN --mount=type=secret,id=s,env=S echo "$S $(cat /name 2>/dev/null || read -r line < /name && echo $line)"\n`);
    writeFileSync(join(cwd, 'context', 'name'), `${name}\n`);
    writeFileSync(join(cwd, 'context', 'busybox'), busybox);
    const builder = await createBuilder({ store: join(folder, `store-${name}`), cwd, env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', SECRET: `secret-of-${name}` } });
    return { name, builder };
  };
  const builders = await Promise.all(['a', 'b'].map(one));
  const stopSpying = spyOn();
  const outputs = await Promise.all(builders.map(async ({ name, builder }) => {
    const run = builder.start({ context: 'context', secrets: { s: { env: 'SECRET' } }, outputs: [{ type: 'oci', attributes: { dest: 'image.tar' } }], tags: ['app'] });
    let output = '';
    for await (const event of run.events) if (event.type === 'log') output += event.data.toString();
    await run.result;
    return [name, output.trim(), readdirSync(join(folder, name)).includes('image.tar')];
  }));
  const reads = stopSpying();
  await Promise.all(builders.map(({ builder }) => builder.close()));
  return { outputs, reads };
}

/** 100 builds: new, cached, failing and cancelled ones. */
async function many(builder, rounds) {
  const forever = new AbortController();
  for (let round = 0; round < rounds; round += 1) {
    // A program now and then: the other rounds fail before anything runs.
    const runs = round % 5 === 0;
    const dockerfile = runs ? `FROM shell\nRUN echo ${round}\n` : `FROM scratch\nLABEL round=${round}\n`;
    const stop = new AbortController();
    const results = await Promise.allSettled([
      builder.build({ context: files(dockerfile), signal: forever.signal }),
      builder.build({ context: files(dockerfile), tags: ['again'], signal: forever.signal }),
      builder.build({ context: files(runs ? 'FROM shell\nRUN exit 3\n' : 'FROM shell\nRUM\n'), signal: forever.signal }),
      builder.build({ context: files('FROM shell\nRUN while :; do :; done\n'), signal: stop.signal, onEvent: ({ type }) => void (type === (runs ? 'started' : 'graph') && stop.abort()) }),
    ]);
    const states = results.map(({ status }) => status).join(' ');
    if (states !== 'fulfilled fulfilled rejected rejected') throw new Error(`round ${round}: ${states} ${results.map(({ reason }) => reason?.message)}`);
  }
}

const { outputs, reads } = await apart();
const builder = await createBuilder({ store: join(folder, 'store') });
await builder.build({ context: { files: { Dockerfile: shell, busybox } }, tags: ['shell'] });
await many(builder, 2);
const before = { listeners: listeners(), handles: handles(), descriptors: descriptors(), threads: threads() };
await many(builder, 25);
const after = { listeners: listeners(), handles: handles(), descriptors: descriptors(), threads: threads() };
await builder.close();
process.stdout.write(JSON.stringify({ outputs, reads, before, after }));
