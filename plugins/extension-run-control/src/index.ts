import { extendInstruction } from '@strake/api';
import { checkRetries, checkSeconds, secondsOf } from './seconds-of';

/** RUN --cache-ttl, --no-cache, --timeout, --retry: what may be reused of a RUN, and how often and how long it is tried. */
export const runControl = extendInstruction('extension-run-control', {
  keyword: 'RUN',
  flags: {
    'cache-ttl': { type: 'string', summary: 'how old a cached result may be: 30m, 12h, 1d', keyed: false, check: checkSeconds },
    'no-cache': { type: 'boolean', summary: 'runs in every build', keyed: false },
    timeout: { type: 'string', summary: 'how long one attempt may take: 90s, 5m', keyed: false, check: checkSeconds },
    retry: { type: 'string', summary: 'how many more times a failed program is tried', keyed: false, check: checkRetries },
  },
  lower: (lowered, { flags }) => {
    const reuse = { ...(flags['no-cache'] === true ? { never: true as const } : {}), ...given('ttl', secondsOf(flags['cache-ttl'])) };
    const attempts = { ...given('timeout', secondsOf(flags.timeout)), ...given('retries', flags.retry === undefined ? undefined : Number(flags.retry)) };
    return {
      ...lowered,
      ...(Object.keys(reuse).length > 0 ? { reuse } : {}),
      ...(Object.keys(attempts).length > 0 ? { attempts } : {}),
    };
  },
});

function given<K extends string>(name: K, value: number | undefined): { readonly [P in K]?: number } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [P in K]?: number });
}
