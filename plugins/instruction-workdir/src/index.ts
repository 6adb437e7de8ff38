import { defineInstruction, resolvePath } from '@strake/api';

/** WORKDIR: sets the working directory and makes it, owned by the stage's user. The root makes no layer. */
export const workdir = defineInstruction({
  keyword: 'WORKDIR',
  summary: 'sets and makes the working directory',
  args: { kind: 'raw', expand: 'word' },
  lower: ({ args }, stage) => {
    const path = resolvePath(stage.workdir, args);
    // Images have an absolute path as it is written, dots and all.
    const workingDir = args.startsWith('/') ? args : path;
    const owner = stage.config.User;
    const mkdir = { type: 'mkdir' as const, path, mode: 0o755, ...(owner ? { owner } : {}) };
    return { config: { workingDir }, ops: workingDir === '/' ? [] : [mkdir], history: `WORKDIR ${workingDir}` };
  },
});
