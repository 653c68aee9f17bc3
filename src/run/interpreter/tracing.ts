import type { TraceEntry } from '../../litmus/output/index.ts';
import type { Finding } from '../observe/judge.ts';
import { Tracer } from '../report/tracer.ts';
import type { Assembly } from './assemble.ts';
import type { ThreadState } from './threadState.ts';

/** Steps that are kept to show what led to a finding. */
const STEPS_KEPT = 64;

/** Follows an execution step by step, and remembers what led to each finding. */
export class Tracing {
  private readonly parts: Assembly;
  private readonly tracer: Tracer;
  private readonly onStep: (entry: TraceEntry) => void;
  private readonly latest: TraceEntry[] = [];
  private readonly traces = new Map<Finding, readonly TraceEntry[]>();

  constructor(parts: Assembly, onStep: (entry: TraceEntry) => void) {
    this.parts = parts;
    this.onStep = onStep;
    this.tracer = new Tracer(parts.memory, parts.wordNames, parts.observer.layout, parts.rehearsal);
    parts.stepper.attempts = (thread, step) => this.tracer.attempts(thread, step);
  }

  /** What was changed so far was no step. */
  begin(): void {
    this.tracer.begin();
  }

  /** A thread has taken a step. */
  stepped({ index }: ThreadState): void {
    const { names, observer, stepper } = this.parts;
    const thread = names.threadName(index);
    const operation = names.operationOf(observer.trail.actor);
    const entry = this.tracer.take({ cpu: index, thread, operation, chain: stepper.lastChain });
    this.latest.push(entry);
    if (this.latest.length > STEPS_KEPT) this.latest.shift();
    for (const finding of observer.judge.findings) {
      if (!this.traces.has(finding)) this.traces.set(finding, [...this.latest]);
    }
    this.onStep(entry);
  }

  /** The last steps before a finding, the one that broke the property included. */
  traceOf(finding: Finding): readonly TraceEntry[] {
    return this.traces.get(finding) ?? this.latest;
  }
}
