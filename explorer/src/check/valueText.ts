import { errnoName, signalName } from '../../../src/litmus/index.ts';

/** A register as conditions write it: errors and signals by name. */
export function valueText(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return 'unset';
  return value < 0 ? (errnoName(value) ?? signalName(value) ?? `${value}`) : `${value}`;
}

/** A register, by its name alone or with its process's. */
const REGISTER = /^(\w+\.)?\w+$/;

/** The value of a term: only registers have errors for values, and of others -1 says that there is nothing. */
export function termValueText(term: string, value: number | null): string {
  if (REGISTER.test(term)) return valueText(value);
  return value === -1 ? 'none' : `${value}`;
}
