import { ageText } from './age-text';

test.each([[0.5, '0 seconds'], [1, '1 second'], [119, '119 seconds'], [120, '2 minutes'], [129_600, '36 hours'], [604_800, '7 days']])('%d s', (seconds, text) => {
  expect(ageText(seconds)).toBe(text);
});
