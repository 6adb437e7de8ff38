import type { Diagnostic, DockerfileFacts } from '@strake/api';
import { fileOptions, runRules, type CheckReport, type Violation } from '@strake/checks';
import type { Instructions } from '@strake/core';
import type { BuildOptions } from '../build/build-options';

/** Asks all registered rules about a file, as the file and the build arguments want it. Throws USAGE, DOCKERFILE_SYNTAX. */
export function checkFacts(facts: DockerfileFacts, { rules }: Instructions, { buildArgs }: BuildOptions): CheckReport {
  return runRules(facts, rules, fileOptions(facts.file, buildArgs ?? {}));
}

/** A violation as the warning that a build gives. */
export function warningOf({ code, message, range, hint, url }: Violation): Diagnostic {
  return { code, severity: 'warning', message, range, ...(hint === undefined ? {} : { hint }), ...(url === undefined ? {} : { url }) };
}
