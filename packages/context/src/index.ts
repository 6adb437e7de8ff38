export { cleanPath } from './clean-path';
export { BadPatternError, compileGoPattern, goMatch, hasWildcard } from './go-match';
export { compareNames, decodeName, encodePath, pathBytes } from './file-name';
export { Ignore, type IgnoreVerdict } from './ignore';
export type { IgnoreRule } from './ignore-file';
export { selectFiles, type Selected, type SelectOptions, type TakenFile } from './select-files';
