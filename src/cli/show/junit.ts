import type { TestResult } from '../../litmus/output/index.ts';

/** Results as JUnit XML: a suite a scheme, a case a test. */
export function junitText(results: readonly TestResult[]): string {
  const schemes = [...new Set(results.map(({ scheme }) => scheme))];
  const suites = schemes.map((scheme) =>
    suite(
      scheme,
      results.filter((result) => result.scheme === scheme),
    ),
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites name="daxlab">',
    ...suites,
    '</testsuites>',
    '',
  ].join('\n');
}

function suite(scheme: string, results: readonly TestResult[]): string {
  const failures = results.filter(({ verdict }) => verdict === 'violated').length;
  const errors = results.filter(({ verdict }) => verdict === 'error').length;
  const skipped = results.filter(({ verdict }) => verdict === 'incomplete').length;
  const counts = `tests="${results.length}" failures="${failures}" errors="${errors}" skipped="${skipped}"`;
  return [`  <testsuite name="${scheme}" ${counts}>`, ...results.map(testCase), '  </testsuite>'].join('\n');
}

function testCase(result: TestResult): string {
  const { name, file, stats } = result;
  const attributes = `name="${escapeXml(name === '' ? file : name)}" classname="${escapeXml(file)}" time="${stats.seconds.toFixed(3)}"`;
  const body = bodyOf(result);
  return body === '' ? `    <testcase ${attributes}/>` : `    <testcase ${attributes}>${body}</testcase>`;
}

function bodyOf(result: TestResult): string {
  switch (result.verdict) {
    case 'ok':
      return '';
    case 'incomplete':
      return '<skipped message="incomplete"/>';
    case 'error':
      return `<error message="${escapeXml(result.error ?? '')}"/>`;
    case 'violated':
      return `<failure message="${escapeXml(failuresOf(result).join('; '))}"/>`;
  }
}

/** What makes a result a violated one, a line each. */
function failuresOf({ conditions, violations }: TestResult): string[] {
  return [
    ...conditions
      .filter(({ kind, holds }) => !holds && kind !== 'exists' && kind !== 'hazard')
      .map(({ kind, text, line }) => `line ${line}: ${kind} ${text}`),
    ...violations.map(
      ({ property, page, message }) => `${property}${page === null ? '' : ` ${page}`}: ${message}`,
    ),
  ];
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;');
}
