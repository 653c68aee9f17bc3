import { readFileSync } from 'node:fs';
import type { Mode } from './recording.ts';

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
  /** The recorded call does more at once, or reports otherwise, than the model's operation: both are pinned. */
  | { readonly kind: 'pair'; readonly recorded: number; readonly model: number }
  /** The recorded step looks at an earlier result, which this register holds. */
  | { readonly kind: 'register'; readonly name: string }
  /** The recorded step only looks at the state, and reports this number. */
  | { readonly kind: 'constant'; readonly value: number };

/** A recorded step, as a scenario names it. */
export interface Mark {
  readonly op: string;
  readonly rule: ResultRule;
}

/** A litmus test that repeats a recorded scenario, and which of its lines are which recorded steps. */
export interface Scenario {
  readonly name: string;
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
}

const folder = new URL('./scenarios/', import.meta.url);

/**
 * Reads `scenarios/NAME.litmus`. Its unit is written `4K`; for the 2 MiB mode every `4K` becomes `2M` (a page
 * that is no unit is written `4096`). Comments tie it to the recording:
 *
 * - `OPERATION #> STEP` or a line `#> STEP`: the recorded step after this, or the last, operation;
 *   behind `;;` a rule for its result: `leftover`, `descriptor`, `N as N`, `is REGISTER`, `N`
 * - `#- STEP`: a recorded step that is left out
 * - `#@ view NAME is REGISTER`
 * - `#@ the kernel places NAME`
 */
export function readScenario(name: string, mode: Mode): Scenario {
  const source = readFileSync(new URL(`${name}.litmus`, folder), 'utf8');
  const marks = new Map<number, Mark[]>();
  const leftOut: string[] = [];
  const registerOfView = new Map<string, string>();
  const placedByKernel: string[] = [];
  const lines: string[] = [];
  let operationLine = 0;
  for (const line of source.split('\n')) {
    const [, code = '', comment = ''] = /^([^#]*)(#.*)?$/.exec(line) ?? [];
    lines.push((mode === 'devdax-2m' ? code.replaceAll(/\b4K\b/g, '2M') : code) + comment);
    if (code.trim() !== '') operationLine = lines.length;
    if (comment.startsWith('#>')) {
      const at = marks.get(operationLine) ?? [];
      marks.set(operationLine, [...at, parseMark(comment.slice(2))]);
    } else if (comment.startsWith('#-')) {
      leftOut.push(comment.slice(2).trim());
    } else if (comment.startsWith('#@')) {
      const [, view, register] = /^#@ view (\w+) is (\w+)$/.exec(comment) ?? [];
      const [, placed] = /^#@ the kernel places (\w+)$/.exec(comment) ?? [];
      if (view !== undefined && register !== undefined) registerOfView.set(view, register);
      else if (placed !== undefined) placedByKernel.push(placed);
      else throw new Error(`${name}: ${comment}`);
    }
  }
  return { name, text: lines.join('\n'), marks, leftOut, registerOfView, placedByKernel };
}

function parseMark(text: string): Mark {
  const [op = '', rule] = text.split(';;').map((part) => part.trim());
  return { op, rule: rule === undefined ? { kind: 'same' } : parseRule(rule) };
}

function parseRule(text: string): ResultRule {
  if (text === 'leftover' || text === 'descriptor') return { kind: text };
  const pair = /^(-?\d+) as (-?\d+)$/.exec(text);
  if (pair !== null) return { kind: 'pair', recorded: Number(pair[1]), model: Number(pair[2]) };
  const register = /^is (\w+)$/.exec(text);
  if (register?.[1] !== undefined) return { kind: 'register', name: register[1] };
  if (/^-?\d+$/.test(text)) return { kind: 'constant', value: Number(text) };
  throw new Error(`unknown rule for a result: ${text}`);
}
