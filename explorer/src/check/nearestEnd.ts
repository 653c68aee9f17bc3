import type { KernelVariant } from '../../../src/bugs/bugKernel.ts';
import { type Expression, loadTest, type Program, parse, type Scheme } from '../../../src/litmus/index.ts';
import { Execution, parseReplay, type ReplaySchedule } from '../../../src/run/index.ts';
import { type BadCondition, type MeasuredEnd, partsMet } from './measuredEnd.ts';

/** A test that asks for each part of a condition by itself. */
export interface Question {
  readonly program: Program;
  readonly parts: number;
}

/** The question what becomes of the parts of a condition, those that stand between its outermost `&&`s. */
export function questionOf(text: string, file: string, condition: string): Question | BadCondition {
  const wanted = condition.trim();
  if (wanted === '') return { error: 'write a condition, as behind exists' };
  const whole = `${text}\nexists ${wanted}\n`;
  const { file: tree, errors } = parse(whole);
  const [error] = errors;
  if (error !== undefined) return { error: `${error.message} (${error.hint})` };
  const added = tree.items.length - parse(text).file.items.length;
  const last = tree.items.at(-1);
  if (added !== 1 || last?.kind !== 'condition') return { error: 'write one condition, as behind exists' };
  const parts = conjunctsOf(last.expression).map(({ span }) =>
    whole.slice(span.offset, span.offset + span.length).replaceAll(/\s+/g, ' '),
  );
  const loaded = loadTest(`${text}\n${parts.map((part) => `finally ${part}\n`).join('')}`, file);
  if ('program' in loaded) return { program: loaded.program, parts: parts.length };
  const [problem] = loaded.errors;
  return {
    error: problem === undefined ? 'the condition has errors' : `${problem.message} (${problem.hint})`,
  };
}

/**
 * Of some ends the one that is nearest to a condition: in which the most parts hold, and of those the one with the fewest
 * steps. Null where there is no end.
 */
export function nearestEnd(
  question: Question,
  scheme: Scheme,
  replays: readonly string[],
  variant?: KernelVariant,
): MeasuredEnd | null {
  let nearest: MeasuredEnd | null = null;
  for (const replay of replays) {
    const schedule = parseReplay(replay);
    if ('error' in schedule) throw new Error(schedule.error);
    const end = measured(question, scheme, schedule, replay, variant);
    if (nearest === null || isNearer(end, nearest)) nearest = end;
  }
  return nearest;
}

function isNearer(end: MeasuredEnd, nearest: MeasuredEnd): boolean {
  const more = partsMet(end) - partsMet(nearest);
  return more > 0 || (more === 0 && end.steps < nearest.steps);
}

function measured(
  { program, parts }: Question,
  scheme: Scheme,
  schedule: ReplaySchedule,
  replay: string,
  variant: KernelVariant | undefined,
): MeasuredEnd {
  const execution = new Execution(program, scheme, { replay: schedule, ...variant });
  execution.advance(Number.POSITIVE_INFINITY);
  const { conditions, error } = execution.result();
  if (error !== undefined) throw new Error(error);
  return {
    conjuncts: conditions.slice(-parts).map(({ text, holds, values = {} }) => ({ text, holds, values })),
    steps: schedule.runs.reduce((sum, { steps }) => sum + steps, 0),
    replay,
  };
}

function conjunctsOf(expression: Expression): Expression[] {
  if (expression.kind === 'parenthesized') return conjunctsOf(expression.inner);
  if (expression.kind !== 'binary' || expression.operator !== '&&') return [expression];
  return [...conjunctsOf(expression.left), ...conjunctsOf(expression.right)];
}
