import { defineCommand } from '../argv/command';
import { exitCodes } from '../exit-codes';
import { print } from '../terminal';
import { version as number } from '../version';

/** `strake version` */
export const version = defineCommand({
  name: 'version',
  usage: '',
  summary: 'Show the version',
  flags: {},
  arguments: { min: 0, max: 0 },
  async run({ terminal }) {
    print(terminal, `strake version ${number}`);
    return exitCodes.success;
  },
});
