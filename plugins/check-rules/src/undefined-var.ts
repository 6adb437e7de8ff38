import { defineRule, type DockerfileFacts, type StageFacts } from '@strake/api';
import { nearestName } from './nearest-name';
import { pageOf } from './page-of';

/** BuildKit keeps these switches from the environment, so they never have a value there. */
const SWITCHES = ['BUILDKIT_SBOM_SCAN_CONTEXT', 'BUILDKIT_SBOM_SCAN_STAGE'];

/** A variable that has no value and that no ARG declares. EXPOSE is not looked at, as in BuildKit; nor is a stage whose base is not known. */
export const undefinedVar = defineRule({
  name: 'UndefinedVar',
  description: 'Variables should be defined before their use',
  url: pageOf('undefined-var'),
  instruction({ node, view, variables }, stage, facts) {
    if (node.keyword === 'EXPOSE' || !isBaseKnown(stage, facts)) return [];
    const names = view.env.map((entry) => entry.slice(0, entry.indexOf('=')));
    return variables.filter(({ name, state }) => state === 'unknown' && !SWITCHES.includes(name)).map(({ name, range }) => {
      const meant = nearestName(name, names);
      return { message: `Usage of undefined variable '$${name}'${meant === undefined ? '' : ` (did you mean $${meant}?)`}`, range };
    });
  },
});

function isBaseKnown({ image, parent }: StageFacts, facts: DockerfileFacts): boolean {
  if (image !== undefined) return image.config !== undefined;
  const below = facts.stages.find(({ index }) => index === parent);
  return below === undefined || isBaseKnown(below, facts);
}
