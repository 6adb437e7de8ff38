import type { GeneratedBuild } from './generated-build';

/**
 * Makes a failing build smaller as long as it fails in the same way: pieces, files and options go, then words of what is left.
 * @param stillFails builds it; the only thing here that takes time
 * @param limit how often that may be asked
 */
export async function shrink(build: GeneratedBuild, stillFails: (smaller: GeneratedBuild) => Promise<boolean>, limit: number): Promise<GeneratedBuild> {
  let best = build;
  let asked = 0;
  for (let shrunk = true; shrunk;) {
    shrunk = false;
    for (const candidate of candidates(best)) {
      if (asked >= limit) return best;
      asked += 1;
      if (!(await stillFails(candidate))) continue;
      best = candidate;
      shrunk = true;
      break;
    }
  }
  return best;
}

/** Smaller builds, the boldest first. */
function* candidates(build: GeneratedBuild): Generator<GeneratedBuild> {
  const { pieces, files, ignore, target, platform, buildArgs, labels, ...none } = build;
  void none;
  for (const smaller of shorter(pieces)) yield { ...build, pieces: smaller };
  for (const smaller of shorter(files)) yield { ...build, files: smaller };
  for (const smaller of shorter(ignore)) yield { ...build, ignore: smaller };
  if (target !== undefined) yield { pieces, files, ignore, buildArgs, labels, ...(platform === undefined ? {} : { platform }) };
  if (Object.keys(buildArgs).length > 0) yield { ...build, buildArgs: {} };
  if (Object.keys(labels).length > 0) yield { ...build, labels: {} };
  for (const [index, piece] of pieces.entries()) {
    for (const words of shorter(piece.split(' ')).filter((words) => words.length > 0)) yield { ...build, pieces: pieces.with(index, words.join(' ')) };
  }
}

/** A list without its halves, then its quarters, and so on to single elements. */
function shorter<T>(list: readonly T[]): readonly (readonly T[])[] {
  const found: (readonly T[])[] = [];
  for (let size = Math.ceil(list.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < list.length; start += size) found.push([...list.slice(0, start), ...list.slice(start + size)]);
  }
  return found;
}
