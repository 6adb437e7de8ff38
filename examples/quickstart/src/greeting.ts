export const greeting = (name: string): string => `built by ${name}, without a daemon`;
