import { holder } from '../../kernel/state/holder.ts';
import type { Content } from '../state/registers.ts';
import { type Adapters, call, number, type Plan, result } from './adapter.ts';
import type { OperationContext } from './context.ts';
import { holding, onHolder, rangeOf, releasing } from './held.ts';

/** Pipes that hold pages. */
export const pipes: Adapters = {
  vmsplice: { plan: planVmsplice, finish: finishVmsplice },
  tee: { plan: onHolder('pipe', (object) => call('tee', object)), finish: holding('length') },
  splice: { plan: onHolder('pipe', (object) => call('splice_to_file', object)) },
  pipe_drain: {
    plan: onHolder('pipe', (object, context) => {
      const whole = context.world.memory.of(holder).length.get(object);
      return call('pipe_drain', object, context.optionalNumber('length') ?? whole);
    }),
  },
  pipe_byte: {
    plan: onHolder('pipe', (object, context) =>
      result(context.world.memory.of(holder).read_byte.get(object)),
    ),
  },
  close_pipe: releasing('pipe', (object) => call('pipe_release', object)),
};

const newPipe = holding('length');

function planVmsplice(context: OperationContext): Plan {
  if (!context.hasRegister('pipe')) return call('vmsplice', context.mm, ...rangeOf(context));
  return onHolder(
    'pipe',
    (object) => call('vmsplice_to_pipe', context.mm, object, ...rangeOf(context)),
    'EBADF',
  )(context);
}

/** A new pipe goes to the register; of one that takes more, only the bytes that it took. */
function finishVmsplice(context: OperationContext, returned: number): Content {
  return context.hasRegister('pipe') ? number(returned) : newPipe(context, returned);
}
