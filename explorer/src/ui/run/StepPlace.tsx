import type { ChangedValue } from '../../../../src/litmus/output/index.ts';
import type { RecordedStep } from '../../recording/recording.ts';

const CHANGES_SHOWN = 4;

/** Where in the kernel a step was taken, and what it changed. */
export function StepPlace({
  step,
  ended,
}: {
  readonly step: RecordedStep | undefined;
  readonly ended: string | null;
}) {
  if (step === undefined) {
    return (
      <div class="where">
        <span class="waiting">no step of its own here</span>
      </div>
    );
  }
  const { entry } = step;
  const changes = Object.entries(entry.changes);
  return (
    <div class="where">
      <code>{entry.function}</code>{' '}
      {entry.file !== '' && (
        <span class="quiet">
          {entry.file}:{entry.line}
        </span>
      )}
      {ended !== null && (
        <span>
          {' '}
          <b>= {ended}</b>
        </span>
      )}
      <ul>
        {changes.slice(0, CHANGES_SHOWN).map(([name, [before, after]]) => (
          <li key={name}>
            {name} {value(before)} → {value(after)}
          </li>
        ))}
        {changes.length > CHANGES_SHOWN && <li class="quiet">and {changes.length - CHANGES_SHOWN} more words</li>}
      </ul>
    </div>
  );
}

function value(word: ChangedValue): string {
  return word === null ? '–' : `${word}`;
}
