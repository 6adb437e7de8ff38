/** A signal that nobody aborts. */
export const never = (): AbortSignal => new AbortController().signal;
