/** What proves to a registry who asks: a name with a password, a token that goes to the registry as it is, or one that its authorisation server gave at a log-in. */
export type RegistryCredential = { readonly username: string; readonly password: string } | { readonly token: string } | { readonly identityToken: string };

/**
 * Answers for one registry, `registry.example.com:5000` or `docker.io`, and where it is known a repository of it; undefined for nobody. Asked when a
 * request needs it, at most once a minute for each; nothing is kept on a disk.
 */
export type CredentialProvider = (host: string, repository?: string) => RegistryCredential | undefined | Promise<RegistryCredential | undefined>;
