import type { RecordedStep } from '../../recording/recording.ts';
import type { NamedChange } from '../../timeline/mergedChanges.ts';
import { KernelPlace } from './KernelPlace.tsx';

const CHANGES_SHOWN = 3;

interface Properties {
  readonly step: RecordedStep | undefined;
  /** What the operation gave back, where the step ends it. */
  readonly ended: string | null;
  readonly changes: readonly NamedChange[];
}

/** Where in the kernel a step was taken, what it read, and what has changed since the state before. */
export function StepPlace({ step, ended, changes }: Properties) {
  return (
    <div class="where">
      {step === undefined ? (
        <span class="waiting">no step of its own here</span>
      ) : (
        <KernelPlace step={step} />
      )}{' '}
      {ended !== null && <b>= {ended}</b>}
      <ul aria-label="what changed">
        {Object.entries(step?.entry.reads ?? {}).map(([name, value]) => (
          <li class="quiet" key={name}>
            {name} = {value}
          </li>
        ))}
        {changes.slice(0, CHANGES_SHOWN).map(({ name, before, after }) => (
          <li key={name}>
            {name} {before} → {after}
          </li>
        ))}
        {changes.length > CHANGES_SHOWN && (
          <li class="quiet">and {changes.length - CHANGES_SHOWN} more words</li>
        )}
      </ul>
    </div>
  );
}
