/** The version of strake that packages are made for. */
export const VERSION = '0.1.0';
