import { text } from '../../session/session.ts';

/** The text of the test. */
export function SourcePane() {
  return <pre>{text.value}</pre>;
}
