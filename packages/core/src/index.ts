export { detectSyntax, type SyntaxRequest } from './parser/detect-syntax';
export { decodeText } from './parser/decode-text';
export { parseDockerfile, type ParseOptions } from './parser/parse-dockerfile';
export { syntaxOf, type KeywordSyntax, type SyntaxTable } from './parser/syntax';
export { parseArguments } from './parser/parse-arguments';
export type { ParsedArguments, ParsedPair } from './parser/parsed-arguments';
export type { ArgumentWord } from './parser/split-words';
export { subInstructionOf } from './parser/instruction-node';
export { positionAt, rangeOf } from './parser/segments';
export { expandWord, expandWords, type ExpandOptions, type ExpandedNames, type ExpandedWord, type ExpandedWords } from './expand/expand-word';
export { expandArguments, type ExpandArgumentsOptions, type OnVariables } from './expand/expand-arguments';
export { describeDockerfile } from './print/describe-dockerfile';
export type {
  ArgumentsDescription, ArgumentsForm, DirectiveDescription, DockerfileDescription, FlagDescription, HeredocDescription, InstructionDescription,
  ProgramDescription, RangeDescription, WarningDescription,
} from './print/dockerfile-description';
export { locateError } from './print/locate-error';
export { formatError, type FormatOptions } from './print/format-error';
export { suggest } from './print/suggest';
export { createRegistry, type HookTaps, type Instructions, type RegisteredRule, type Registry } from './hooks/registry';
export { FactCollector } from './facts/fact-collector';
export { formatPlatform, parsePlatform } from './dispatch/platform';
export { checkInstructions } from './dispatch/check-instructions';
export { lowerDockerfile, type LowerOptions } from './dispatch/lower-dockerfile';
export { canonicalJson, digestOf } from './dispatch/canonical-json';
export { freezeDeep, instructionOf } from './dispatch/instruction-of';
