import { defineInstruction, resolvePath } from '@strake/api';
import { detours } from './detours';

/** WORKDIR: sets the working directory and makes it, owned by the stage's user. The root makes no layer. */
export const workdir = defineInstruction({
  keyword: 'WORKDIR',
  summary: 'sets and makes the working directory',
  args: { kind: 'raw', expand: 'word' },
  lower: ({ args }, stage) => {
    const path = resolvePath(stage.workdir, args);
    const owner = stage.config.User;
    const mkdir = (made: string) => ({ type: 'mkdir' as const, path: made, mode: 0o755, ...(owner ? { owner } : {}) });
    const made = args.startsWith('/') ? [...detours(args), path] : [path];
    // As BuildKit: an absolute path stays in the image as it is written.
    const shown = args.startsWith('/') ? args : path;
    return { config: { workingDir: shown }, ops: path === '/' ? [] : made.map(mkdir), history: `WORKDIR ${shown}` };
  },
});
