import { holder } from '../../kernel/state/holder.ts';
import { type Adapters, call } from './adapter.ts';
import { holding, onHolder, rangeOf, releasing } from './held.ts';

/** Pipes that hold pages. */
export const pipes: Adapters = {
  vmsplice: {
    plan: (context) => call('vmsplice', context.mm, ...rangeOf(context)),
    finish: holding('length'),
  },
  tee: { plan: onHolder('pipe', (object) => call('tee', object)), finish: holding('length') },
  splice: { plan: onHolder('pipe', (object) => call('splice_to_file', object)) },
  pipe_drain: {
    plan: onHolder('pipe', (object, context) => {
      const whole = context.world.memory.of(holder).length.get(object);
      return call('pipe_drain', object, context.optionalNumber('length') ?? whole);
    }),
  },
  close_pipe: releasing('pipe', (object) => call('pipe_release', object)),
};
