export { addIfExists, copyIfExists, ifExists } from '@strake/extension-copy-if-exists';
export { runControl } from '@strake/extension-run-control';
export { assert } from '@strake/instruction-assert';
export { squash } from '@strake/instruction-squash';
export { shippedPlugins, type ShippedPluginName } from './shipped-plugins';
