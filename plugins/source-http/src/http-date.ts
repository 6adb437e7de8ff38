const FORMS = [
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/,
  /^[A-Z][a-z]{2,5}day, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/,
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/,
];

/** Seconds since 1970 of a date in one of the three forms of RFC 9110, 5.6.7; undefined for everything else, however a date could be read into it. */
export function parseHttpDate(text: string): number | undefined {
  const form = FORMS.findIndex((one) => one.test(text));
  // The third says no zone, and means the same one.
  const time = form < 0 ? NaN : Date.parse(form === 2 ? `${text} GMT` : text);
  return Number.isNaN(time) ? undefined : time / 1000;
}
