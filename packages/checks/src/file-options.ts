import { DockerfileError, OperatorError, type Dockerfile } from '@strake/api';
import { CheckOptionsError, parseCheckOptions, type CheckOptions } from './check-options';

/** The build argument that takes the place of the file's own `# check=`. */
export const CHECK_ARGUMENT = 'BUILDKIT_DOCKERFILE_CHECK';

/** The check options of a build: the build argument's, else the file's. Throws USAGE or DOCKERFILE_SYNTAX. */
export function fileOptions({ directives }: Dockerfile, buildArgs: Readonly<Record<string, string | undefined>>): CheckOptions {
  const given = buildArgs[CHECK_ARGUMENT];
  const directive = directives.find(({ key }) => key === 'check');
  try {
    return parseCheckOptions(given ?? firstWord(directive?.value ?? ''));
  } catch (error) {
    if (!(error instanceof CheckOptionsError)) throw error;
    const hint = 'write skip=RULE,RULE;error=true;experimental=RULE, each part at most once';
    if (given !== undefined) throw new OperatorError('USAGE', `failed to parse ${CHECK_ARGUMENT}: ${error.message}`, { hint });
    throw new DockerfileError('DOCKERFILE_SYNTAX', `failed to parse check options: ${error.message}`, { hint, ...(directive === undefined ? {} : { range: directive.range }) });
  }
}

/** The options end at the first blank, as in BuildKit; what follows is for people. */
export function firstWord(value: string): string {
  return value.split(' ', 1)[0] ?? '';
}
