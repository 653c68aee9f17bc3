import type { Span } from '../../litmus/index.ts';

/** The test asks for what a real kernel, or the agent in it, offers no way to do. */
export class NotExpressible extends Error {
  readonly span: Span;

  constructor(what: string, span: Span) {
    super(what);
    this.name = 'NotExpressible';
    this.span = span;
  }
}

/** The test asks for what cannot be: its own mistake, found only while it runs. */
export class TestMistake extends Error {
  readonly span: Span;

  constructor(message: string, span: Span) {
    super(message);
    this.name = 'TestMistake';
    this.span = span;
  }
}
