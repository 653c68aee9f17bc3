import { dirname } from 'node:path';
import { bootGuest } from '../../../src/lab/machine/bootGuest.ts';
import type { BootSpec } from '../../../src/lab/machine/guest.ts';

/** Boots the guest that its argument describes, writes the folder of its machine, and waits to be killed. */
const guest = await bootGuest(JSON.parse(process.argv[2] ?? '') as BootSpec);
console.log(dirname(guest.ramFile));
await guest.ended;
