/** What proves who we are to one host. */
export type Credential =
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  /** A refresh token that the authorisation server gave at a log-in. */
  | { readonly kind: 'identity'; readonly token: string }
  /** A token that goes to the registry as it is. */
  | { readonly kind: 'bearer'; readonly token: string };

/** The name that stands in helpers for an identity token. */
export const IDENTITY_USER = '<token>';
