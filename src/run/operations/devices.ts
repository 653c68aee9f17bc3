import { FMODE_READ, FMODE_WRITE } from '../../kernel/common/include/fs.ts';
import { type Adapters, call } from './adapter.ts';

/** Devices and their drivers. */
export const devices: Adapters = {
  unbind: { takesAway: 'any', plan: (context) => call('device_unbind', context.device('device')) },
  bind: { plan: (context) => call('device_bind', context.device('device')) },
};

/** How a device is opened unless the test asks otherwise (O_RDWR). */
export const FMODE_DEFAULT: number = FMODE_READ | FMODE_WRITE;
