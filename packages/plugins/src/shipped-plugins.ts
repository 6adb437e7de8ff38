import type { Plugin } from '@strake/api';
import { ifExists } from '@strake/extension-copy-if-exists';
import { runControl } from '@strake/extension-run-control';
import { assert } from '@strake/instruction-assert';
import { labelFromGitRepository } from './label-from-git-repository';
import { include } from '@strake/instruction-include';
import { squash } from '@strake/instruction-squash';

/** What a configuration can name in `plugins`. */
export type ShippedPluginName = 'assert' | 'copy-if-exists' | 'include' | 'label-from-git' | 'run-control' | 'squash';

/** The plugins of each name. */
export const shippedPlugins: Readonly<Record<ShippedPluginName, readonly Plugin[]>> = {
  assert: [assert],
  'copy-if-exists': ifExists,
  include: [include],
  'label-from-git': labelFromGitRepository,
  'run-control': [runControl],
  squash: [squash],
};
