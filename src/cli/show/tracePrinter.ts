import type { Scheme } from '../../litmus/index.ts';
import type { Step, TraceEntry, UnfinishedOperation } from '../../litmus/output/index.ts';
import type { Host } from '../host.ts';
import { wordsText } from './changeText.ts';
import { standText, whoText } from './stepText.ts';

/** Prints an execution step by step as it happens, and each operation behind its last step. */
export class TracePrinter {
  private readonly scheme: Scheme;
  private readonly host: Host;
  /** Operations that the step under way has ended, and those that slept meanwhile: they are told of before that step is. */
  private readonly told: (Step | UnfinishedOperation)[] = [];

  constructor(scheme: Scheme, host: Host) {
    this.scheme = scheme;
    this.host = host;
  }

  /** A step inside the kernel on one line: function, place, what it read or changed. */
  step(entry: TraceEntry): void {
    const { thread, function: name, file, line } = entry;
    const place = file === '' ? '' : `  ${file}:${line}`;
    const words = wordsText(entry);
    this.print(thread, `${name}${place}${words === '' ? '' : `  ${words}`}`);
    for (const step of this.told.splice(0)) {
      const stand = standText(step);
      this.print(whoText(step), `── ${step.text}${stand === '' ? '' : `  ${stand}`}`);
    }
  }

  /** The step under way ends an operation, or finds another one asleep. */
  operation(step: Step | UnfinishedOperation): void {
    this.told.push(step);
  }

  private print(thread: string, text: string): void {
    this.host.out(`${this.scheme.padEnd(8)}  ${thread.padEnd(6)}  ${text}\n`);
  }
}
