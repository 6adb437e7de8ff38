import { defineRule } from '@strake/api';
import { nearestName } from './nearest-name';
import { pageOf } from './page-of';

/** A variable in FROM that no ARG before the first stage declares and that is not an automatic one. */
export const undefinedArgInFrom = defineRule({
  name: 'UndefinedArgInFrom',
  description: 'FROM command must use declared ARGs',
  url: pageOf('undefined-arg-in-from'),
  stage: ({ variables, known }) => variables.filter(({ state }) => state === 'unknown').map(({ name, range }) => {
    const meant = nearestName(name, known);
    return { message: `FROM argument '${name}' is not declared${meant === undefined ? '' : ` (did you mean ${meant}?)`}`, range };
  }),
});
