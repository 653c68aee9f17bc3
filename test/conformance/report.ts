import { EXCEPTIONS } from './exceptions.ts';
import { type Judgement, judgeAll } from './judge.ts';
import { LEFT_OUT } from './leftOut.ts';
import { modesOf, RELEASES } from './recording.ts';
import { KNOWN_DIFFERENCES } from './releases.ts';
import { schemeOf } from './replay.ts';

/** docs/conformance.md: what was compared with real kernels, and what was not. */
export function conformanceReport(): string {
  const judged = RELEASES.flatMap((release) =>
    modesOf(release).map((mode) => ({ release, mode, judgements: judgeAll(release, mode) })),
  );
  const rows = judged.map(({ release, mode, judgements }) => [
    release,
    schemeOf(release),
    mode,
    ...totals(judgements),
  ]);
  const excepted = judged.flatMap(({ judgements }) => judgements.flatMap((judgement) => judgement.excepted));
  const left = judged.flatMap(({ judgements }) => judgements.filter(({ leftOut }) => leftOut.length > 0));
  const longest = new Map(left.map((judgement) => [judgement.scenario, judgement]));
  return `${[
    '# The model beside real kernels',
    INTRODUCTION,
    table(
      [
        'kernel',
        'scheme',
        'mode',
        'scenarios',
        'steps',
        'compared',
        'values',
        'of the release',
        'excepted',
        'different',
      ],
      rows,
    ),
    '## Steps that are left out',
    'The other steps of these scenarios are compared like all others. No step is left out of any other scenario.',
    table(
      ['scenario', 'steps left out', 'why'],
      [...longest.values()].map(({ scenario, leftOut }) => [
        scenario,
        leftOut.map((op) => `\`${op}\``).join(', '),
        LEFT_OUT[scenario] ?? '',
      ]),
    ),
    '## Exceptions',
    'In these values the model differs from what was recorded, for reasons that are none of the pages’ own:',
    table(
      ['scenarios', 'modes', 'values', 'why'],
      EXCEPTIONS.map((exception) => [
        exception.scenarios.join(', '),
        exception.modes.join(', '),
        excepted.filter((other) => other === exception).length,
        exception.reason,
      ]),
    ),
    '## Where the releases differ',
    'The refcount scheme is held against 7.3.4. In these values earlier releases were recorded otherwise:',
    table(
      ['kernel', 'mode', 'value', 'places', 'what it was'],
      KNOWN_DIFFERENCES.map(({ release, mode, field, places, reason }) => [
        release,
        mode,
        `\`${field}\``,
        places,
        reason,
      ]),
    ),
  ].join('\n\n')}\n`;
}

const INTRODUCTION = `Small programs did to \`/dev/dax0.0\` of four real kernels, and to files on DAX-mounted ext4 and xfs, what the scenarios in
\`test/conformance/scenarios\` do to the model; after every operation \`struct page\`, the page tables and /proc were read back. The suite
in \`test/conformance\` repeats each scenario on the model and holds every recorded value against it: results, errno and signals;
reference, map and pin counts, order and file of each folio, the number of files that share it, with the raw words behind them; each
entry's level, page and bits; what pagemap and smaps say; the mappings; the count of file pages; whether an operation beside the
program's still waits. This page is written by the suite (\`npm run golden\`).

A scenario of a device is repeated on a file too, fresh and written with zeros, in units of 4 KiB and of 2 MiB. Which block a file
has there is nobody's matter: pages go by what they were of the file when they were looked at first, in recording and model alike.

Some results mean nothing and are not compared: numbers of descriptors, and bytes that an earlier scenario of the same boot left on the
device. An instruction fetch (\`mprotect-exec\`) is repeated as a read. Of a mapping that the kernel placed next to the program's own, the
page tables around it are not compared. The ring that \`io_setup\` maps counts as one file page of a process, on real kernels alone. In the
one step that wakes a waiting truncation (\`fs-truncate-…\`, \`fs-punch-…\`) the recording's pages are not compared: it was at them already.

"Of the release" counts values in which an earlier release with reference counts is not like 7.3.4; there the model is held against
7.3.4.`;

function totals(judgements: readonly Judgement[]): readonly number[] {
  const sum = (value: (judgement: Judgement) => number): number =>
    judgements.reduce((total, judgement) => total + value(judgement), 0);
  return [
    judgements.length,
    sum(({ recordedSteps }) => recordedSteps),
    sum(({ comparedSteps }) => comparedSteps),
    sum(({ values }) => values),
    sum(({ ofRelease }) => ofRelease),
    sum(({ excepted }) => excepted.length),
    sum(({ differences }) => differences.length),
  ];
}

function table(heads: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]): string =>
    `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}
