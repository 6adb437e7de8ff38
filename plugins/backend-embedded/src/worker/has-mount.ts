import { readFileSync } from 'node:fs';

/** Whether something is mounted on a path with this beginning, as the calling thread sees it (proc_pid_mountinfo(5): blanks and backslashes are octal numbers there). */
export function hasMount(prefix: string): boolean {
  const written = prefix.replace(/[\s\\]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`);
  return readFileSync('/proc/thread-self/mountinfo', 'utf8').includes(` ${written}`);
}
