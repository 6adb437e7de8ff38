import { makeForeignBusybox } from './foreign-busybox';

void makeForeignBusybox().then((path) => process.stdout.write(`${path}\n`), (error: unknown) => {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
});
