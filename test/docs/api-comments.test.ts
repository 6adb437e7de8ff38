import { join } from 'node:path';
import ts from 'typescript';

const root = join(__dirname, '../..');

/** What a package exports, and whether a comment stands above it. */
function exportsOf(name: string): readonly (readonly [name: string, comment: string])[] {
  const file = join(root, 'packages', name, 'src/index.ts');
  const program = ts.createProgram([file], { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16, strict: true, skipLibCheck: true, types: ['node'], typeRoots: [join(root, 'node_modules/@types')] });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  return (module === undefined ? [] : checker.getExportsOfModule(module)).map((symbol) => {
    const meant = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    return [symbol.name, ts.displayPartsToString(meant.getDocumentationComment(checker))];
  });
}

test.each([['api', 150], ['testing', 15]])('every export of @strake/%s says what it is', (name, atLeast) => {
  const all = exportsOf(name);
  expect(all.length).toBeGreaterThan(atLeast);
  expect(all.filter(([, comment]) => comment.trim() === '').map(([exported]) => exported)).toEqual([]);
});
