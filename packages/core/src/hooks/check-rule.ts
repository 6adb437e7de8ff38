import { PluginError } from '@strake/api';
import type { RuleDefinition } from '@strake/api';

/** Refuses a rule that no file could name or that looks at nothing. Throws PLUGIN_INVALID. */
export function checkRule(plugin: string, rule: RuleDefinition): void {
  const fail = (what: string) => {
    throw new PluginError('PLUGIN_INVALID', `${plugin}: ${what}`);
  };
  if (!/^[A-Z][A-Za-z0-9]*$/.test(rule.name)) fail(`the rule's name ${rule.name} is not upper camel case`);
  if (rule.description.trim() === '') fail('the description is missing');
  if (!['file', 'node', 'stage', 'instruction'].some((hook) => hook in rule)) {
    fail('the rule looks at nothing: give it file, node, stage or instruction');
  }
}
