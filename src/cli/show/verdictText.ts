import type { Verdict } from '../../litmus/output/index.ts';
import type { Colors } from './colors.ts';

/** A verdict in its colour. */
export function verdictText(verdict: Verdict, colors: Colors): string {
  switch (verdict) {
    case 'ok':
      return colors.green(verdict);
    case 'violated':
    case 'error':
      return colors.red(verdict);
    case 'incomplete':
      return colors.yellow(verdict);
  }
}
