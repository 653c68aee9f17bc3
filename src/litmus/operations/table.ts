import { type DeviceOperationName, deviceOperations } from './deviceOperations.ts';
import { type FileOperationName, fileOperations } from './fileOperations.ts';
import { type MappingOperationName, mappingOperations } from './mappingOperations.ts';
import type { Operation, OperationRows } from './operation.ts';
import { type ProcessOperationName, processOperations } from './processOperations.ts';
import { type ReferenceOperationName, referenceOperations } from './referenceOperations.ts';

/** Names of all operations. */
export type OperationName =
  | MappingOperationName
  | ReferenceOperationName
  | ProcessOperationName
  | DeviceOperationName
  | FileOperationName;

const rows: OperationRows<OperationName> = {
  ...mappingOperations,
  ...referenceOperations,
  ...processOperations,
  ...deviceOperations,
  ...fileOperations,
};

/** Whether the word names an operation. */
export function isOperationName(word: string): word is OperationName {
  return Object.hasOwn(rows, word);
}

/** The row of one operation. */
export function operationNamed(name: OperationName): Operation<OperationName> {
  return { name, ...rows[name] };
}

/** The whole table, in the order of the manual. It drives argument checks, hover, completion and the manual. */
export const OPERATIONS: readonly Operation<OperationName>[] = Object.keys(rows)
  .filter(isOperationName)
  .map(operationNamed);
