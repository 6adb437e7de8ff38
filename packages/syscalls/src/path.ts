/** A path: text, or bytes, for names that are no UTF-8. */
export type Path = string | Buffer;

const END = Buffer.alloc(1);

/** A path as C takes it. Throws ERR_INVALID_ARG_VALUE, as Node's `fs` does, for a zero byte: C would see another, shorter path. */
export function cPath(path: Path): Path {
  if (path.includes('\0')) {
    throw Object.assign(new TypeError(`the path ${JSON.stringify(path.toString())} holds a zero byte`), { code: 'ERR_INVALID_ARG_VALUE' });
  }
  return typeof path === 'string' ? path : Buffer.concat([path, END]);
}
