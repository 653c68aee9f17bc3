import { errnoValue } from '../../litmus/vocabulary/errnos.ts';

/** Value of an errno name, negative; for what adapters answer without the kernel. */
export function errno(name: string): number {
  const value = errnoValue(name);
  if (value === null) throw new Error(`no errno is called ${name}`);
  return value;
}
