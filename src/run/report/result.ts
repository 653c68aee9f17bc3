import { isDeclared, type Program, type Scheme } from '../../litmus/index.ts';
import type { Statistics, TestResult, TraceEntry, Violation } from '../../litmus/output/index.ts';
import type { Assembly } from '../interpreter/assemble.ts';
import type { Finding, Judge } from '../observe/judge.ts';

/** What a result is made of. */
export interface ExecutionOutcome {
  readonly program: Program;
  readonly scheme: Scheme;
  readonly parts: Assembly;
  readonly replay: string;
  /** Whether it came to its end. */
  readonly isOver: boolean;
  /** The steps that led to a finding, where they were traced. */
  readonly traceOf: (finding: Finding) => readonly TraceEntry[];
}

const NO_STATISTICS: Statistics = {
  executions: 0,
  states: 0,
  transitions: 0,
  seconds: 0,
  peakBytes: 0,
  complete: false,
};

/** The result of an execution. */
export function executionResult({
  program,
  scheme,
  parts,
  replay,
  isOver,
  traceOf,
}: ExecutionOutcome): TestResult {
  const { steps, stepper, board, observer, unfinished } = parts;
  const left = unfinished.all();
  const { findings } = observer.judge;
  const isKept = board.isKept && findings.every((finding) => isDeclared(finding.property, program, scheme));
  return {
    file: program.fileName,
    name: program.name,
    scheme,
    source: 'model',
    verdict: isKept ? (isOver ? 'ok' : 'incomplete') : 'violated',
    steps: steps.steps,
    ...(left.length > 0 && { unfinished: left }),
    replay,
    conditions: board.results(findings),
    violations: violationsOf(observer.judge, traceOf),
    stats: { ...NO_STATISTICS, executions: 1, transitions: stepper.operations, complete: isOver },
  };
}

/** The result of a test that cannot be executed. */
export function errorResult(file: string, name: string, scheme: Scheme, error: string): TestResult {
  return {
    file,
    name,
    scheme,
    source: 'model',
    verdict: 'error',
    steps: [],
    error,
    conditions: [],
    violations: [],
    stats: NO_STATISTICS,
  };
}

/** The findings as violations; the last one says how many there were besides. */
function violationsOf({ findings, left }: Judge, traceOf: ExecutionOutcome['traceOf']): Violation[] {
  return findings.map((finding, position) => {
    const isLast = left > 0 && position === findings.length - 1;
    const message = isLast ? `${finding.message} (and ${left} violations more)` : finding.message;
    return { ...finding, message, trace: traceOf(finding) };
  });
}
