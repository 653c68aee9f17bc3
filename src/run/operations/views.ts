import { NOWHERE } from '../observe/layout.ts';
import { type Adapter, type Adapters, call, number } from './adapter.ts';
import type { OperationContext } from './context.ts';

/** What user space sees of its pages. */
export const views: Adapters = {
  pagemap: { plan: at('pagemap_read'), finish: (context, frame) => number(deviceIndex(context, frame)) },
  mincore: { plan: at('mincore_page') },
  smaps_rss: {
    takesAway: 'own',
    plan: (context) => {
      const { address, length } = context.register('mapping');
      return call('smaps_rss', context.mm, address, length);
    },
  },
  clear_refs: {
    takesAway: 'own',
    plan: (context) => call('clear_refs_write', context.mm, context.number('value')),
  },
};

function at(name: string): Adapter['plan'] {
  return (context) => call(name, context.mm, context.register('mapping').address + context.number('offset'));
}

/** A frame as the page of the mapping's device; below 0 there is none, nor is one of ordinary memory. */
function deviceIndex(context: OperationContext, frame: number): number {
  if (frame < 0) return frame;
  const { layout } = context.world.observer;
  if (layout.isMemory(frame)) return NOWHERE;
  const extent = layout.extents[context.register('mapping').device];
  return frame - (extent?.firstFrame ?? 0);
}
