import pc from 'picocolors';
import type { Host } from '../host.ts';

/** How text is coloured; every function leaves it as it is where nobody wants colours. */
export type Colors = ReturnType<typeof pc.createColors>;

/** Colours for a terminal, unless NO_COLOR is set; FORCE_COLOR asks for them anywhere. */
export function colorsFor({ isTerminal, environment }: Host): Colors {
  const { NO_COLOR = '', FORCE_COLOR = '' } = environment;
  const isForced = FORCE_COLOR !== '' && FORCE_COLOR !== '0';
  return pc.createColors(NO_COLOR === '' && (isTerminal || isForced));
}
