import type { Host } from '../host.ts';

/** One line at the bottom of a terminal that says what goes on; nothing when standard output is no terminal. */
export interface StatusLine {
  show(text: string): void;
  clear(): void;
}

const START_OF_LINE = '\r\x1b[K';

export function statusLine(host: Host): StatusLine {
  let shown = '';
  const replaceBy = (text: string): void => {
    if (!host.isTerminal || text === shown) return;
    host.err(`${START_OF_LINE}${text}`);
    shown = text;
  };
  return { show: replaceBy, clear: () => replaceBy('') };
}
