import type { Plugin } from '@strake/api';
import { checkRules } from '@strake/check-rules';
import { add } from '@strake/instruction-add';
import { arg } from '@strake/instruction-arg';
import { cmd } from '@strake/instruction-cmd';
import { copy } from '@strake/instruction-copy';
import { entrypoint } from '@strake/instruction-entrypoint';
import { env } from '@strake/instruction-env';
import { expose } from '@strake/instruction-expose';
import { from } from '@strake/instruction-from';
import { healthcheck } from '@strake/instruction-healthcheck';
import { label } from '@strake/instruction-label';
import { maintainer } from '@strake/instruction-maintainer';
import { onbuild } from '@strake/instruction-onbuild';
import { run } from '@strake/instruction-run';
import { shell } from '@strake/instruction-shell';
import { stopsignal } from '@strake/instruction-stopsignal';
import { user } from '@strake/instruction-user';
import { volume } from '@strake/instruction-volume';
import { workdir } from '@strake/instruction-workdir';

/** The Dockerfile's own instructions, and the check rules. */
export const defaultPlugins: readonly Plugin[] = [
  add, arg, cmd, copy, entrypoint, env, expose, from, healthcheck, label, maintainer, onbuild, run, shell, stopsignal, user, volume, workdir,
  ...checkRules,
];
