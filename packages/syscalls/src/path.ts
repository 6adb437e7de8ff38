/** A path: text, or bytes, for names that are no UTF-8. */
export type Path = string | Buffer;

/** A path as C takes it. Throws ERR_INVALID_ARG_VALUE, as Node's `fs` does, for a zero byte: C would see another, shorter path. */
export function cPath(path: Path): Path {
  if (typeof path === 'string' ? path.includes('\0') : path.includes(0)) {
    throw Object.assign(new TypeError(`the path ${JSON.stringify(path.toString())} holds a zero byte`), { code: 'ERR_INVALID_ARG_VALUE' });
  }
  if (typeof path === 'string') return path;
  const ended = Buffer.allocUnsafe(path.length + 1);
  ended[path.copy(ended)] = 0;
  return ended;
}
