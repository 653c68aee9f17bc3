import { type Adapter, type Adapters, call, type KernelCall, number } from './adapter.ts';
import type { OperationContext } from './context.ts';
import { holding, isPipe, onHolder, rangeOf, releasing } from './held.ts';

/** References that a process takes and drops itself, and devices that work through pins. */
export const references: Adapters = {
  pin: {
    plan: (context) =>
      call('pin_pages', context.mm, ...rangeOf(context), isWrite(context), context.flag('longterm') ? 1 : 0),
    finish: holding('pages'),
  },
  unpin: releasing('pin', (object) => call('unpin_pages', object)),
  get: {
    plan: (context) => call('get_pages', context.mm, ...rangeOf(context), isWrite(context)),
    finish: holding('pages'),
  },
  put: releasing('reference', (object, context) =>
    call(isPipe(context, object) ? 'pipe_release' : 'put_pages', object),
  ),
  dma_read: throughPin((object, context) => call('dma_read', object, context.number('offset'))),
  dma_write: throughPin((object, context) =>
    call('dma_write', object, context.number('offset'), context.number('byte')),
  ),
};

function isWrite(context: OperationContext): number {
  return context.word('access') === 'write' ? 1 : 0;
}

/** A device accesses what is pinned; whether it still may is judged when it has. */
function throughPin(plan: (object: number, context: OperationContext) => KernelCall): Adapter {
  return {
    plan: onHolder('pin', plan),
    finish: (context, returned) => {
      const { object } = context.register('pin');
      if (object !== 0) context.world.observer.holders.accessed(object, context.number('offset'));
      return number(returned);
    },
  };
}
