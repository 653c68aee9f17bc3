import type { StopReason } from '../../../../src/check/index.ts';
import type { Scheme } from '../../../../src/litmus/index.ts';
import { isDeclared } from '../../../../src/litmus/index.ts';
import type { TestResult, Verdict } from '../../../../src/litmus/output/index.ts';
import { type CheckState, isChecking } from '../../check/checkSession.ts';
import { markOfCheck } from '../../check/conditionMark.ts';
import { askWhyNot } from '../../check/whyNot.ts';
import { openSchedules } from '../../session/executing.ts';
import { run } from '../../session/signals.ts';
import type { CheckAnswer } from '../../worker/requests.ts';
import { Values } from '../Values.tsx';

const VERDICTS: Readonly<Record<Verdict, string>> = {
  ok: '✓ holds',
  violated: '✗ violated',
  incomplete: '… not finished',
  error: '! error',
};

const STOPPED_BY: Readonly<Record<StopReason, string>> = {
  interrupt: ', stopped by you',
  memory: ', because the memory that a page may take is used up; the command line takes more',
  states: '',
  finding: '',
};

/** What the check says of one scheme. */
export function CheckColumn({ scheme, state }: { readonly scheme: Scheme; readonly state: CheckState }) {
  return (
    <section class={`${scheme} check`} aria-label={`check under ${scheme}`}>
      <div class="head">
        <b>{scheme}</b>
      </div>
      <Body scheme={scheme} state={state} />
    </section>
  );
}

function Body({ scheme, state }: { readonly scheme: Scheme; readonly state: CheckState }) {
  switch (state.kind) {
    case 'idle':
      return <p class="quiet">not checked</p>;
    case 'waiting':
      return <p class="quiet">waits for its turn</p>;
    case 'running':
      return (
        <p role="status">
          {count(state.progress.states, 'state')}, {count(state.progress.transitions, 'step')},{' '}
          {state.progress.seconds.toFixed(1)} s …
        </p>
      );
    case 'failed':
      return <p class="notice alarm">{state.message}</p>;
    case 'done':
      return <Verdicts scheme={scheme} answer={state.answer} />;
  }
}

function Verdicts({ scheme, answer }: { readonly scheme: Scheme; readonly answer: CheckAnswer }) {
  const { result } = answer;
  return (
    <>
      <p class={`verdict ${result.verdict}`}>
        <b>{VERDICTS[result.verdict]}</b>
      </p>
      {result.error !== undefined && <p>{result.error}</p>}
      <p class="quiet small coverage">{coverageText(answer)}</p>
      <ul class="conditions">
        {result.conditions.map((condition) => (
          <li key={`${condition.line} ${condition.text}`}>
            {markOfCheck(condition, result.stats.complete)}{' '}
            <code>{`${condition.kind} ${condition.text}`}</code> <Values values={condition.values} />
            {condition.kind === 'exists' && !condition.holds && (
              <button
                type="button"
                class="button chip"
                disabled={isChecking.value}
                onClick={() => void askWhyNot(condition.text)}
              >
                why not?
              </button>
            )}
          </li>
        ))}
      </ul>
      <Violations scheme={scheme} result={result} />
    </>
  );
}

function Violations({ scheme, result }: { readonly scheme: Scheme; readonly result: TestResult }) {
  const program = run.value?.program;
  const { violations, replay } = result;
  return (
    <>
      {violations.map((violation) => {
        const declared = program !== undefined && isDeclared(violation.property, program, scheme);
        return (
          <p
            key={`${violation.property} ${violation.message}`}
            class={`finding${declared ? ' declared' : ''}`}
          >
            <b>✗ {violation.property}</b> {violation.page === null ? '' : `${violation.page}: `}
            {violation.message}
            {declared && <span class="quiet"> The test declares it as a hazard of Linux.</span>}
          </p>
        );
      })}
      {replay !== undefined && (
        <button
          type="button"
          class="button"
          onClick={() => void openSchedules({ [scheme]: replay }, 'broken')}
        >
          Show the counterexample
        </button>
      )}
    </>
  );
}

function coverageText({ result, seconds, depth, stoppedBy }: CheckAnswer): string {
  const { stats } = result;
  const extent = stats.complete ? 'Every interleaving was looked at' : 'Not everything was looked at';
  const stopped = stoppedBy === null ? '' : STOPPED_BY[stoppedBy];
  const seen = [
    count(stats.states, 'state'),
    count(stats.transitions, 'step'),
    count(stats.executions, 'end'),
    ...(stats.complete ? [] : [`${count(depth, 'level')} deep`]),
  ];
  return `${extent}${stopped}: ${seen.join(', ')}, ${seconds.toFixed(1)} s. Memory is sequentially consistent, each thread has a CPU.`;
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}
