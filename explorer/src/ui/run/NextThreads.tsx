import type { Scheme } from '../../../../src/litmus/index.ts';
import { chooseNext } from '../../session/executing.ts';
import { isRunning, row, run } from '../../session/signals.ts';

/** The threads that can take the next step: to be chosen from, where there is a choice. */
export function NextThreads({ scheme }: { readonly scheme: Scheme }) {
  const loaded = run.value;
  if (loaded === null) return null;
  const { steps, beginning, threads } = loaded.timeline[scheme];
  const taken = loaded.timeline.rows[row.value]?.[scheme] ?? 0;
  const { live, waits } = steps[taken - 1]?.knowledge ?? beginning;
  if (threads.length < 2) return null;
  const next = steps[taken]?.thread;
  return (
    <fieldset class="next">
      <legend class="unseen">who steps next under {scheme}</legend>
      <span class="quiet small">next</span>
      {live.length === 0 && <span class="quiet small">nobody</span>}
      {live.map((thread) => {
        const name = threads[thread] ?? `${thread}`;
        const isWaiting = waits.some((wait) => wait.thread === name);
        return (
          <button
            key={thread}
            type="button"
            class={`button chip${thread === next ? ' taken' : ''}`}
            disabled={isRunning.value || live.length < 2}
            aria-label={`let ${name} step next under ${scheme}${thread === next ? ', as it does' : ''}`}
            onClick={() => void chooseNext(scheme, thread)}
          >
            {name}
            {isWaiting && ' waits'}
          </button>
        );
      })}
    </fieldset>
  );
}
