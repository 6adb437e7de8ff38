import { defineCommand, type Command } from '../argv/command';
import { completionFor } from '../completion/candidates';
import { completionLines } from '../completion/complete';
import { exitCodes } from '../exit-codes';
import { print } from '../terminal';
import { build } from './build';
import { cache } from './cache';
import { check } from './check';
import { completion } from './completion';
import { copy } from './copy';
import { create } from './create';
import { diff } from './diff';
import { eject } from './eject';
import { explain } from './explain';
import { globalFlags } from './global-flags';
import { history } from './history';
import { images } from './images';
import { inspect } from './inspect';
import { load } from './load';
import { login } from './login';
import { logout } from './logout';
import { parse } from './parse';
import { plan } from './plan';
import { plugins } from './plugins';
import { prune } from './prune';
import { pull } from './pull';
import { push } from './push';
import { rmi } from './rmi';
import { save } from './save';
import { serve } from './serve';
import { tag } from './tag';
import { version } from './version';

/** What the completion scripts call. It stands here because it completes the whole table. */
const complete: Command = defineCommand({
  name: '__complete',
  usage: '-- WORD...',
  summary: 'Print what completes the last word',
  flags: {},
  arguments: { min: 0, max: Infinity },
  hidden: true,
  async run(invocation) {
    const wanted = completionFor(invocation.args, commands, globalFlags);
    for (const line of await completionLines(wanted, invocation)) print(invocation.terminal, line);
    return exitCodes.success;
  },
});

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [build, check, plan, explain, eject, images, inspect, history, diff, tag, rmi, pull, push, copy, login, logout, load, save, prune, cache, serve, plugins, create, parse, completion, version, complete];
