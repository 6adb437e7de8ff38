import { defineCommand } from '../argv/command';
import { exitCodes } from '../exit-codes';
import { print } from '../terminal';
import { withBuilder } from './with-builder';

/** `strake logout` */
export const logout = defineCommand({
  name: 'logout',
  usage: '[SERVER]',
  summary: 'Log out from a registry; without a server from Docker Hub',
  flags: {},
  arguments: { min: 0, max: 1 },
  async run(invocation) {
    const { args: [server = 'docker.io'], terminal } = invocation;
    const known = await withBuilder(invocation, (builder) => builder.registries().logOut(server));
    print(terminal, known ? `Removing login credentials for ${server}` : `Not logged in to ${server}`);
    return exitCodes.success;
  },
});
