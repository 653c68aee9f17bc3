const tests = import.meta.glob<string>('../../../litmus/**/*.litmus', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const bugTests = import.meta.glob<string>('../../../bugs/*/test.litmus', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** Texts of the shipped tests by their paths in the checkout. */
export const texts: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({ ...tests, ...bugTests }).map(([path, text]) => [path.replace(/^(\.\.\/)+/, ''), text]),
);
