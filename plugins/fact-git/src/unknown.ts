/** Why nothing can be told of a repository. The message never holds what was read. */
export class Unknown extends Error {}
