export { addIfExists, copyIfExists, ifExists } from '@strake/extension-copy-if-exists';
export { runControl } from '@strake/extension-run-control';
export { labelFromGitRepository } from './label-from-git-repository';
export { runHooks, type HookProgram, type RunHooks } from '@strake/extension-run-hooks';
export { assert } from '@strake/instruction-assert';
export { include } from '@strake/instruction-include';
export { squash } from '@strake/instruction-squash';
export { shippedPlugins, type ShippedPluginName } from './shipped-plugins';
