import type { Scheme } from '../../../../src/litmus/index.ts';
import { shipped } from '../../gallery/shipped.ts';
import { type Shown, unitsLeft } from '../../session/shown.ts';
import { open, row, rowBefore, run } from '../../session/signals.ts';
import { differences } from '../../state/differences.ts';
import { mergedChanges } from '../../timeline/mergedChanges.ts';
import { operationAt, stepsAt, type Timeline } from '../../timeline/timeline.ts';
import { RELEASES } from '../releases.ts';
import { NextThreads } from './NextThreads.tsx';
import { resultText } from './resultText.ts';
import { StepPlace } from './StepPlace.tsx';

const DIFFERENCES_SHOWN = 3;

/** What has just happened, and what is not the same under both schemes. */
export function Now({ now }: { readonly now: Shown }) {
  const loaded = run.value;
  if (loaded === null) return null;
  const { timeline } = loaded;
  const operation = operationAt(timeline, row.value);
  const steps = stepsAt(timeline, row.value);
  const found = differences(now.devmap, now.refcount);
  return (
    <>
      <section class="now" aria-live="polite">
        <h2>
          {operation === undefined ? (
            'Before the first step'
          ) : (
            <>
              <small>{timeline.refcount.threads[operation.thread] ?? ''}</small> {operation.text}
            </>
          )}
        </h2>
        <p class={`differs${found.length === 0 ? ' none' : ''}`}>
          {found.length === 0
            ? `Both schemes count the same references ${unitsLeft.value === 0 ? 'here' : 'on the pages that are shown'}.`
            : `${found.slice(0, DIFFERENCES_SHOWN).join('. ')}.`}
        </p>
      </section>
      <div class="schemes heads">
        {(['devmap', 'refcount'] as const).map((scheme) => (
          <section class={scheme} key={scheme} aria-label={`${scheme}: the step`}>
            <div class="head">
              <b>{scheme}</b>
              <span class="quiet small">{kernelText(scheme)}</span>
            </div>
            <NextThreads scheme={scheme} />
            <StepPlace
              step={steps[scheme]}
              ended={resultText(timeline[scheme], takenAt(timeline, row.value, scheme), steps[scheme])}
              changes={mergedChanges(
                timeline[scheme],
                takenAt(timeline, rowBefore.value, scheme),
                takenAt(timeline, row.value, scheme),
              )}
            />
          </section>
        ))}
      </div>
    </>
  );
}

function takenAt({ rows }: Timeline, at: number, scheme: Scheme): number {
  return rows[at]?.[scheme] ?? 0;
}

/** Which kernel runs: a release, with the bug where it has one. */
function kernelText(scheme: Scheme): string {
  const bug = open.value?.bug ?? null;
  const schemes = shipped.find((entry) => entry.bug === bug)?.schemes ?? [];
  return bug !== null && schemes.includes(scheme) ? `with the bug ${bug}` : RELEASES[scheme];
}
