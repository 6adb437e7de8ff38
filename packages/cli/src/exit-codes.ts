/** What the process ends with. docs/CLI.md lists these; a RUN's own exit code is never passed on, as with docker's BuildKit builds. */
export const exitCodes = {
  success: 0,
  /** A build or any other work failed. */
  failure: 1,
  /** The command line or the configuration is wrong; nothing was done. */
  usage: 2,
  /** 128 + SIGINT: ended by Ctrl-C. */
  interrupted: 130,
  /** 128 + SIGTERM. */
  terminated: 143,
} as const;
