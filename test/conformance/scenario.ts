import { existsSync, readFileSync } from 'node:fs';
import { fileScenarioText } from './fileScenario.ts';
import { isFileMode, type Mode, unitOf } from './recording.ts';

/**
 * How a recorded result is held against the model's. Without a rule both are the same number, errno or signal
 * (`same`); the byte that a store writes is its recorded result.
 */
export type ResultRule =
  | { readonly kind: 'same' }
  /** The byte was left on the device by an earlier scenario of the same boot. */
  | { readonly kind: 'leftover' }
  /** A number of a file descriptor. */
  | { readonly kind: 'descriptor' }
  /** How the recording's own agent came to its end. */
  | { readonly kind: 'agent' }
  /** The recorded call does more at once, or reports otherwise, than the model's operation: both are pinned. */
  | { readonly kind: 'pair'; readonly recorded: number; readonly model: number }
  /** The recorded step looks at an earlier result, which this register holds. */
  | { readonly kind: 'register'; readonly name: string }
  /** The recorded step only looks at the state, and reports this number. */
  | { readonly kind: 'constant'; readonly value: number }
  /** The recorded step looks at the size of the scenario's file, in units. */
  | { readonly kind: 'size' }
  /** The recorded step looks at a task beside the scenario's, whose operation leaves its result in `PROCESS.REGISTER`. */
  | { readonly kind: 'background'; readonly process: string; readonly register: string };

/** A recorded step, as a scenario names it. */
export interface Mark {
  readonly op: string;
  readonly rule: ResultRule;
  /** The step was recorded while a task that its operation woke was at the pages: those say nothing. */
  readonly isTorn: boolean;
}

/** A litmus test that repeats a recorded scenario, and which of its lines are which recorded steps. */
export interface Scenario {
  readonly name: string;
  readonly mode: Mode;
  readonly text: string;
  /** Marks by the line (from 1) of the operation after which the step was recorded. */
  readonly marks: ReadonlyMap<number, readonly Mark[]>;
  /** Recorded steps that are not repeated, in order. */
  readonly leftOut: readonly string[];
  /** Register that holds the mapping which the recording calls by this name, where the names differ. */
  readonly registerOfView: ReadonlyMap<string, string>;
  /**
   * Mappings whose address the kernel chose, next to the program's other mappings: what is there of page tables
   * around them is those mappings' and no matter of the model.
   */
  readonly placedByKernel: readonly string[];
  /** Mappings, by the recorded step in which the recording's agent did not look at them yet. */
  readonly unseen: ReadonlyMap<string, string>;
}

const folder = new URL('./scenarios/', import.meta.url);

/**
 * Reads `scenarios/NAME.litmus`; for a mode with files `scenarios/files/NAME.litmus`, or the same on a file where there is
 * none. Its unit is written `4K`; for the 2 MiB modes every `4K` becomes `2M` (a page that is no unit is written `4096`).
 * Comments tie it to the recording:
 *
 * - `OPERATION #> STEP` or a line `#> STEP`: the recorded step after this, or the last, operation;
 *   behind `;;` a rule for its result: `leftover` (which files have not: they are fresh), `descriptor`, `agent`, `N as N`, `is REGISTER`, `N`, `size`,
 *   `background PROCESS.REGISTER`; behind another `;;` perhaps `torn`
 * - `#- STEP`: a recorded step that is left out
 * - `#@ view NAME is REGISTER`
 * - `#@ the kernel places NAME`
 * - `#@ NAME is not seen at STEP`
 */
export function readScenario(name: string, mode: Mode): Scenario {
  const own = new URL(`files/${name}.litmus`, folder);
  const path = isFileMode(mode) && existsSync(own) ? own : new URL(`${name}.litmus`, folder);
  const text = readFileSync(path, 'utf8');
  const source = isFileMode(mode) ? fileScenarioText(text, mode) : text;
  const marks = new Map<number, Mark[]>();
  const leftOut: string[] = [];
  const registerOfView = new Map<string, string>();
  const placedByKernel: string[] = [];
  const unseen = new Map<string, string>();
  const lines: string[] = [];
  let operationLine = 0;
  for (const line of source.split('\n')) {
    const [, code = '', comment = ''] = /^([^#]*)(#.*)?$/.exec(line) ?? [];
    lines.push(code.replaceAll(/\b4K\b/g, unitOf(mode)) + comment);
    if (code.trim() !== '') operationLine = lines.length;
    if (comment.startsWith('#>')) {
      const at = marks.get(operationLine) ?? [];
      const mark = parseMark(comment.slice(2));
      const isFresh = isFileMode(mode) && mark.rule.kind === 'leftover';
      marks.set(operationLine, [...at, isFresh ? { ...mark, rule: { kind: 'same' } } : mark]);
    } else if (comment.startsWith('#-')) {
      leftOut.push(comment.slice(2).trim());
    } else if (comment.startsWith('#@')) {
      const [, view, register] = /^#@ view (\w+) is (\w+)$/.exec(comment) ?? [];
      const [, hidden, step] = /^#@ (\w+) is not seen at (.*)$/.exec(comment) ?? [];
      const [, placed] = /^#@ the kernel places (\w+)$/.exec(comment) ?? [];
      if (view !== undefined && register !== undefined) registerOfView.set(view, register);
      else if (placed !== undefined) placedByKernel.push(placed);
      else if (hidden !== undefined && step !== undefined) unseen.set(step, hidden);
      else throw new Error(`${name}: ${comment}`);
    }
  }
  return { name, mode, text: lines.join('\n'), marks, leftOut, registerOfView, placedByKernel, unseen };
}

function parseMark(text: string): Mark {
  const [op = '', ...words] = text.split(';;').map((part) => part.trim());
  const isTorn = words.at(-1) === 'torn';
  const [rule] = isTorn ? words.slice(0, -1) : words;
  return { op, rule: rule === undefined ? { kind: 'same' } : parseRule(rule), isTorn };
}

function parseRule(text: string): ResultRule {
  if (text === 'leftover' || text === 'descriptor' || text === 'agent' || text === 'size')
    return { kind: text };
  const background = /^background (\w+)\.(\w+)$/.exec(text);
  if (background !== null) {
    const [, process = '', register = ''] = background;
    return { kind: 'background', process, register };
  }
  const pair = /^(-?\d+) as (-?\d+)$/.exec(text);
  if (pair !== null) return { kind: 'pair', recorded: Number(pair[1]), model: Number(pair[2]) };
  const register = /^is (\w+)$/.exec(text);
  if (register?.[1] !== undefined) return { kind: 'register', name: register[1] };
  if (/^-?\d+$/.test(text)) return { kind: 'constant', value: Number(text) };
  throw new Error(`unknown rule for a result: ${text}`);
}
