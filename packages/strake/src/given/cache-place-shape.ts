import { anything, formOf, isObject, listOf, recordOf, text } from './shape';

/** Places of caches outside the store. */
export const cacheOptions = listOf(formOf('a text such as "type=local,src=PATH", or an object with type', (value) => (typeof value === 'string' ? anything : isObject(value) && 'type' in value ? recordOf(text) : undefined)));
