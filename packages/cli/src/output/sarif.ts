import type { SourceRange, TextEdit } from '@strake/api';
import type { CheckResult, Violation } from '../library';
import { version } from '../version';

/** A check as SARIF 2.1.0 (OASIS), which code hosts and editors read. Columns count UTF-16 units, `endColumn` is exclusive. */
export function sarif({ violations, error, rules }: Pick<CheckResult, 'violations' | 'error' | 'rules'>) {
  const failed = error?.range === undefined || error.code === 'CHECK_FAILED' ? [] : [{ ruleId: error.code, level: 'error', message: { text: error.message }, locations: [location(error.range)] }];
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{
      tool: {
        driver: {
          name: 'strake', version,
          rules: rules.map(({ name, description, url }) => ({ id: name, shortDescription: { text: description }, ...(url === undefined ? {} : { helpUri: url }) })),
        },
      },
      columnKind: 'utf16CodeUnits',
      results: [...violations.map((violation) => ({ ...resultOf(violation), ruleIndex: rules.findIndex(({ name }) => name === violation.code) })), ...failed],
    }],
  };
}

function resultOf({ code, severity, message, hint, range, fix }: Violation) {
  const text = hint === undefined ? message : `${message} - ${hint}`;
  return { ruleId: code, level: severity, message: { text }, locations: [location(range)], ...(fix === undefined ? {} : { fixes: [fixOf(fix.title, fix.edits, range.file)] }) };
}

function location({ file, ...range }: SourceRange) {
  return { physicalLocation: { artifactLocation: artifact(file), region: region(range) } };
}

function fixOf(title: string, edits: readonly TextEdit[], file: string) {
  const replacements = edits.map(({ range, text }) => ({ deletedRegion: region(range), ...(text === '' ? {} : { insertedContent: { text } }) }));
  return { description: { text: title }, artifactChanges: [{ artifactLocation: artifact(file), replacements }] };
}

function region({ start, end }: Omit<SourceRange, 'file'>) {
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}

/** A path as a URI: relative ones stay so. */
function artifact(file: string) {
  const path = file.split('/').map(encodeURIComponent).join('/');
  return { uri: file.startsWith('/') ? `file://${path}` : path };
}
