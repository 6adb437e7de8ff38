/** Whose turn it is in a queue. */
export interface QueueClient {
  /** Turns go around among owners first: a user, a certificate, a token. */
  readonly owner: string;
  /** Then among the parts of one owner: its processes or its machines. */
  readonly part: string;
}

/** An owner and a part as one name. */
export const nameOf = ({ owner, part }: QueueClient): string => `${owner}\0${part}`;
