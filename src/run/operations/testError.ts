import type { Span } from '../../litmus/index.ts';

/** The test asks for what cannot be: its own mistake, found only while it runs. */
export class TestError extends Error {
  readonly span: Span;

  constructor(message: string, span: Span) {
    super(message);
    this.name = 'TestError';
    this.span = span;
  }
}
