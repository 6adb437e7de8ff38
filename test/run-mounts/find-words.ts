import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Everything below a folder that holds one of some words: in a file's content, in a name, or in what a link says; as text or in base64. `path: word`
 * for each. Links are not followed: a tree of an image has links to places of the machine.
 */
export function findWords(folder: string, words: readonly string[], without: (path: string) => boolean = () => false): readonly string[] {
  const wanted = words.map((word) => [word, Buffer.from(word).toString('base64').slice(0, -4)] as const);
  const found: string[] = [];
  const look = (path: string): void => {
    if (without(path)) return;
    const facts = lstatSync(path);
    if (facts.isDirectory()) for (const name of readdirSync(path)) look(join(path, name));
    const texts = [Buffer.from(path), ...(facts.isFile() ? [readFileSync(path)] : facts.isSymbolicLink() ? [Buffer.from(readlinkSync(path))] : [])];
    for (const [word, coded] of wanted) if (texts.some((text) => text.includes(word) || text.includes(coded))) found.push(`${path}: ${word}`);
  };
  look(folder);
  return found;
}
