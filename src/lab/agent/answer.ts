/** What the agent says, one line each (guest/controller.c). */
export type AgentLine =
  | { readonly kind: 'hello'; readonly release: string; readonly disk: string | null }
  | { readonly kind: 'answer'; readonly place: number; readonly answer: Answer }
  | { readonly kind: 'cleared'; readonly left: number }
  | { readonly kind: 'error'; readonly text: string };

/** What came of the commands of one thread. */
export type Answer =
  | { readonly kind: 'done'; readonly results: readonly number[] }
  /** They go on; `where` in the kernel, in words. */
  | { readonly kind: 'blocked'; readonly where: string }
  /** The thread's process has ended. */
  | { readonly kind: 'gone' };

/** Reads a line; null when it is none of the agent's. */
export function parseAgentLine(line: string): AgentLine | null {
  const [first = '', second = '', ...rest] = line.split(' ');
  switch (first) {
    case 'hello':
      return second === ''
        ? null
        : { kind: 'hello', release: second, disk: rest[0] === 'none' ? null : (rest[0] ?? null) };
    case 'cleared':
      return isNumber(second) ? { kind: 'cleared', left: Number(second) } : null;
    case 'error':
      return { kind: 'error', text: line.slice(first.length + 1) };
    default: {
      const answer = isNumber(first) ? parseAnswer(second, rest) : null;
      return answer === null ? null : { kind: 'answer', place: Number(first), answer };
    }
  }
}

function parseAnswer(word: string, rest: readonly string[]): Answer | null {
  switch (word) {
    case 'done':
      return rest.every(isNumber) ? { kind: 'done', results: rest.map(Number) } : null;
    case 'blocked':
      return {
        kind: 'blocked',
        where: rest[0] === '0' ? 'running in the kernel' : `asleep in ${rest.join(' ')}`,
      };
    case 'gone':
      return { kind: 'gone' };
    default:
      return null;
  }
}

function isNumber(word: string): boolean {
  return /^-?\d+$/.test(word);
}
