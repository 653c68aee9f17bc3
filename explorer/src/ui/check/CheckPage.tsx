import { checks, isChecking, startCheck, stopCheck } from '../../check/checkSession.ts';
import { diagnostics, run } from '../../session/signals.ts';
import { CheckColumn } from './CheckColumn.tsx';
import { OutcomesPanel } from './OutcomesPanel.tsx';
import { WhyNotPanel } from './WhyNotPanel.tsx';

/** Every execution of the open test, instead of one. */
export function CheckPage() {
  const hasErrors = diagnostics.value.length > 0;
  const threads = run.value?.program.threads.length ?? 1;
  return (
    <>
      <section class="now">
        <h2 class="prose">Every interleaving</h2>
        <p class="quiet">
          {threads === 1
            ? 'One thread has one order of steps, which the check takes to its end and judges in every state.'
            : `The run shows one execution. The check takes every order in which the ${threads} threads can step, and judges all states.`}
        </p>
        <p class="actions">
          {isChecking.value ? (
            <button type="button" class="button" onClick={stopCheck}>
              Stop
            </button>
          ) : (
            <button
              type="button"
              class="button primary"
              disabled={hasErrors}
              onClick={() => void startCheck()}
            >
              Check every interleaving
            </button>
          )}
          {hasErrors && <span class="quiet"> Mend the errors of the test first.</span>}
        </p>
      </section>
      <div class="schemes">
        <CheckColumn scheme="devmap" state={checks.value.devmap} />
        <CheckColumn scheme="refcount" state={checks.value.refcount} />
      </div>
      <OutcomesPanel />
      <WhyNotPanel />
    </>
  );
}
