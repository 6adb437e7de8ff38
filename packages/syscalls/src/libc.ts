import type * as Koffi from 'koffi' with { 'resolution-mode': 'import' };

type Native = (...args: readonly unknown[]) => number;

let koffi: typeof Koffi | undefined;
let library: ReturnType<typeof Koffi.load> | undefined;

/** koffi, loaded at the first call: most runs of strake need no system call of their own. */
function native(): typeof Koffi {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  koffi ??= require('koffi') as typeof Koffi;
  return koffi;
}

/** One function of the C library. Loads it: for calls so frequent that nothing may stand between. */
export function load(prototype: string): Native {
  library ??= native().load('libc.so.6');
  return library.func(prototype);
}

/** Binds one function of the C library when it is first called. */
export function bind(prototype: string): Native {
  let bound: Native | undefined;
  return (...args) => (bound ??= load(prototype))(...args);
}

export const errno = (): number => native().errno();
