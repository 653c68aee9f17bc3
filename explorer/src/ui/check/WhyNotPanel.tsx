import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Scheme } from '../../../../src/litmus/index.ts';
import { checks, isChecking } from '../../check/checkSession.ts';
import { type MeasuredEnd, partsMet } from '../../check/measuredEnd.ts';
import { askWhyNot, type Nearest, wanted, whyNot } from '../../check/whyNot.ts';
import { openSchedules } from '../../session/executing.ts';
import { Values } from '../Values.tsx';

const SCHEMES = ['devmap', 'refcount'] as const;

/** Asks for an end that somebody misses, and shows the nearest one that there is. */
export function WhyNotPanel() {
  const draft = useSignal(wanted.value);
  useEffect(() => wanted.subscribe((condition) => (draft.value = condition)), [draft]);
  const hasEnds = !isChecking.value && SCHEMES.some((scheme) => checks.value[scheme].kind === 'done');
  if (!hasEnds) return null;
  return (
    <section class="panel why-not" aria-label="why not?">
      <h3>Why does no execution end like this?</h3>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void askWhyNot(draft.value);
        }}
      >
        <input
          type="text"
          class="mono"
          aria-label="condition on the end"
          placeholder="p == EFAULT && d[0].refcount == 2"
          spellcheck={false}
          value={draft.value}
          onInput={(event) => {
            draft.value = event.currentTarget.value;
          }}
        />
        <button type="submit" class="button" disabled={whyNot.value.kind === 'working'}>
          Why not?
        </button>
      </form>
      <Answer />
    </section>
  );
}

function Answer() {
  const state = whyNot.value;
  switch (state.kind) {
    case 'idle':
      return (
        <p class="quiet small">
          Of the ends above it takes the one in which most parts of the condition hold; of several, the one
          with the fewest steps.
        </p>
      );
    case 'working':
      return <p class="quiet small">Looking through the ends …</p>;
    case 'failed':
      return (
        <p class="problem" role="alert">
          {state.message}
        </p>
      );
    case 'found':
      return <Ends nearest={state.nearest} />;
  }
}

function Ends({ nearest }: { readonly nearest: Nearest }) {
  return (
    <div class="schemes" role="status">
      {SCHEMES.map((scheme) => (
        <section class={`${scheme} nearest`} key={scheme} aria-label={`nearest end under ${scheme}`}>
          <div class="head">
            <b>{scheme}</b>
          </div>
          <End scheme={scheme} end={nearest[scheme]} />
        </section>
      ))}
    </div>
  );
}

function End({ scheme, end }: { readonly scheme: Scheme; readonly end: MeasuredEnd | null | undefined }) {
  if (end === undefined) return <p class="quiet">not checked</p>;
  if (end === null) return <p class="quiet">the check has found no end</p>;
  return (
    <>
      <p>{verdictText(scheme, end)}</p>
      <ul class="conditions">
        {end.conjuncts.map((conjunct) => (
          <li key={conjunct.text} class={conjunct.holds ? 'met' : 'missed'}>
            {conjunct.holds ? '✓' : '✗'} <code>{conjunct.text}</code> <Values values={conjunct.values} />
          </li>
        ))}
      </ul>
      <button
        type="button"
        class="button"
        aria-label={`show this execution under ${scheme}`}
        onClick={() => void openSchedules({ [scheme]: end.replay }, 'judged')}
      >
        Show this execution
      </button>
    </>
  );
}

function verdictText(scheme: Scheme, end: MeasuredEnd): string {
  const state = checks.value[scheme];
  const isComplete = state.kind === 'done' && state.answer.result.stats.complete;
  const { conjuncts, steps } = end;
  const met = partsMet(end);
  if (met === conjuncts.length) return `It does happen, in ${steps} steps:`;
  const none = isComplete ? 'No execution ends so.' : 'No execution that was looked at ends so.';
  return `${none} The nearest end has ${met} of ${conjuncts.length} parts, after ${steps} steps:`;
}
