import { run } from './run';
import { interruptible } from './signals';
import { processTerminal } from './terminal';

/** The process: what `bin/strake.js` starts. */
export async function main(): Promise<void> {
  // a reader that has gone (`strake images | head -1`) is no error
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  const interruption = interruptible();
  const code = await run(process.argv.slice(2), processTerminal(), { signal: interruption.signal, second: () => interruption.second() });
  interruption.dispose();
  process.exitCode = code === 0 ? 0 : (interruption.exitCode() ?? code);
}
