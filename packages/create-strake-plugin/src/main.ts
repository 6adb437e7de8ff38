import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { CreateError, createPlugin, KINDS, type PluginKind } from './create-plugin';

const USAGE = `Usage:  create-strake-plugin [--kind KIND] NAME\n\nKinds: ${KINDS.join(', ')}`;

/** `npm create strake-plugin`: writes to standard output, and sets the exit code. */
export function main(argv: readonly string[]): void {
  try {
    const { values, positionals } = parseArgs({ args: [...argv], allowPositionals: true, options: { kind: { type: 'string' }, help: { type: 'boolean', short: 'h' } } });
    const [name, ...more] = positionals;
    if (values.help === true) return void process.stdout.write(`${USAGE}\n`);
    if (name === undefined || more.length > 0) throw new CreateError(USAGE);
    const created = createPlugin({ name, directory: process.cwd(), ...(values.kind === undefined ? {} : { kind: values.kind as PluginKind }) });
    process.stdout.write(`${created.files.map((file) => `  ${file}`).join('\n')}\n\nnext: cd ${relative(process.cwd(), created.folder)} && npm install && npm test\n`);
  } catch (error) {
    process.stderr.write(`create-strake-plugin: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  }
}
