import { errnoName } from '../../../src/litmus/index.ts';

/** A register as conditions write it: errors by name. */
export function valueText(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return 'unset';
  return value < 0 ? (errnoName(value) ?? `${value}`) : `${value}`;
}
