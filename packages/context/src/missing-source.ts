import { DockerfileError } from '@strake/api';
import { baseName } from './clean-path';
import type { Tree } from './file-tree';
import { nearestName } from './nearest-name';
import { resolvePath } from './resolve-path';

/** SOURCE_MISSING for a path of a tree: says which ignore rule hides it, or which name is near. */
export function sourceMissing(tree: Tree, path: string, written: string): DockerfileError {
  const rule = tree.ignore?.match(path);
  if (rule?.ignored === true && rule.rule !== undefined) {
    const { file, line, pattern } = rule.rule;
    return new DockerfileError('SOURCE_MISSING', `"${written}": not found: excluded by ${file}:${line} (${pattern})`, {
      at: written,
      hint: `add !${path} after that line, or name another source`,
    });
  }
  const near = nearestPath(tree, path);
  return new DockerfileError('SOURCE_MISSING', `"${written}": not found`, { at: written, ...(near === undefined ? {} : { hint: `did you mean "${near}"?` }) });
}

/** The path with its first missing component replaced by the name next to it. */
function nearestPath(tree: Tree, path: string): string | undefined {
  const components = path.split('/');
  for (const [index, name] of components.entries()) {
    const prefix = components.slice(0, index).join('/');
    const directory = resolvePath(tree, prefix);
    if (directory === undefined) return undefined;
    if (tree.children(directory).has(name)) continue;
    const near = nearestName(name, [...tree.children(directory).keys()]);
    if (near !== undefined) return [prefix, near, ...components.slice(index + 1)].filter(Boolean).join('/');
    return elsewhere(tree, baseName(path));
  }
  return undefined;
}

/** A file of the same name one level down: the usual mistake of a path relative to the wrong directory. */
function elsewhere(tree: Tree, name: string): string | undefined {
  for (const entry of tree.children(tree.rootEntry).values()) {
    if (tree.children(entry).has(name)) return `${entry.path}/${name}`;
  }
  return undefined;
}
