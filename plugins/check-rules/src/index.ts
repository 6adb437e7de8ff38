import type { RulePlugin } from '@strake/api';
import { consistentInstructionCasing } from './consistent-instruction-casing';
import { copyIgnoredFile } from './copy-ignored-file';
import { duplicateStageName } from './duplicate-stage-name';
import { exposeInvalidFormat } from './expose-invalid-format';
import { exposeProtoCasing } from './expose-proto-casing';
import { fromAsCasing } from './from-as-casing';
import { fromPlatformFlagConstDisallowed } from './from-platform-flag-const-disallowed';
import { invalidBaseImagePlatform } from './invalid-base-image-platform';
import { invalidDefaultArgInFrom } from './invalid-default-arg-in-from';
import { invalidDefinitionDescription } from './invalid-definition-description';
import { jsonArgsRecommended } from './json-args-recommended';
import { legacyKeyValueFormat } from './legacy-key-value-format';
import { maintainerDeprecated } from './maintainer-deprecated';
import { multipleInstructionsDisallowed } from './multiple-instructions-disallowed';
import { noEmptyContinuation } from './no-empty-continuation';
import { redundantTargetPlatform } from './redundant-target-platform';
import { reservedStageName } from './reserved-stage-name';
import { secretsUsedInArgOrEnv } from './secrets-used-in-arg-or-env';
import { stageNameCasing } from './stage-name-casing';
import { undefinedArgInFrom } from './undefined-arg-in-from';
import { undefinedVar } from './undefined-var';
import { workdirRelativePath } from './workdir-relative-path';

export {
  stageNameCasing, fromAsCasing, noEmptyContinuation, consistentInstructionCasing, duplicateStageName, reservedStageName, jsonArgsRecommended,
  maintainerDeprecated, undefinedArgInFrom, workdirRelativePath, undefinedVar, multipleInstructionsDisallowed, legacyKeyValueFormat,
  invalidBaseImagePlatform, redundantTargetPlatform, secretsUsedInArgOrEnv, invalidDefaultArgInFrom, fromPlatformFlagConstDisallowed,
  copyIgnoredFile, invalidDefinitionDescription, exposeProtoCasing, exposeInvalidFormat,
};

/** All of BuildKit's rules, in its order. */
export const checkRules: readonly RulePlugin[] = [
  stageNameCasing, fromAsCasing, noEmptyContinuation, consistentInstructionCasing, duplicateStageName, reservedStageName, jsonArgsRecommended,
  maintainerDeprecated, undefinedArgInFrom, workdirRelativePath, undefinedVar, multipleInstructionsDisallowed, legacyKeyValueFormat,
  invalidBaseImagePlatform, redundantTargetPlatform, secretsUsedInArgOrEnv, invalidDefaultArgInFrom, fromPlatformFlagConstDisallowed,
  copyIgnoredFile, invalidDefinitionDescription, exposeProtoCasing, exposeInvalidFormat,
];
