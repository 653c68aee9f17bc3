import { isOperationName, operationNamed, signatureOf } from '../../../src/litmus/index.ts';
import { deviceOperations } from '../../../src/litmus/operations/deviceOperations.ts';
import { fileOperations } from '../../../src/litmus/operations/fileOperations.ts';
import { mappingOperations } from '../../../src/litmus/operations/mappingOperations.ts';
import { processOperations } from '../../../src/litmus/operations/processOperations.ts';
import { referenceOperations } from '../../../src/litmus/operations/referenceOperations.ts';
import { ADVICE_WORDS } from '../../../src/litmus/operations/words.ts';
import { LIMITS } from '../../../src/litmus/source/limits.ts';
import { PROPERTIES } from '../../../src/litmus/vocabulary/properties.ts';
import {
  DEVICE_FIELDS,
  ENTRY_FIELDS,
  FILE_PAGE_FIELDS,
  PAGE_FIELDS,
  PGMAP_FIELDS,
} from '../../../src/litmus/vocabulary/terms.ts';

/** The parts of the manual that are generated from the tables of the language, by the name of their section. */
export const MANUAL_SECTIONS: Readonly<Record<string, () => string>> = {
  operations,
  terms,
  properties,
  limits,
};

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function operations(): string {
  const subjects = {
    'Mapping and touching': mappingOperations,
    'Holding pages': referenceOperations,
    'Processes, and what user space sees': processOperations,
    'Devices and descriptors': deviceOperations,
    'Files (fsdax)': fileOperations,
  };
  return Object.entries(subjects)
    .map(([subject, rows]) => `### ${subject}\n\n${operationTable(Object.keys(rows))}`)
    .concat(`ADVICE is one of ${ADVICE_WORDS.join(', ')}.`)
    .join('\n\n');
}

function operationTable(names: readonly string[]): string {
  const rows = names
    .filter(isOperationName)
    .map(operationNamed)
    .map((operation) => [`\`${signatureOf(operation)}\``, operation.doc, operation.returns]);
  return table(['operation', 'what it does', 'result'], rows);
}

function terms(): string {
  const rows = [
    ...fields('d[i]', PAGE_FIELDS),
    ...fields('f[i]', { present: FILE_PAGE_FIELDS.present }),
    ['`f[i].refcount` …', 'the same as of a device, for the page behind page `i` of a file'],
    ...fields('m.pte[i]', ENTRY_FIELDS),
    ...fields('d.pgmap', PGMAP_FIELDS),
    ...fields('d', DEVICE_FIELDS),
    ['`r`, `P.r`', 'a register, of this process or of P'],
    ['`idle`', 'the reference count of an idle page of the device in the same comparison'],
  ];
  return table(['term', 'value'], rows);
}

function fields(owner: string, docs: Readonly<Record<string, string>>): readonly (readonly string[])[] {
  return Object.entries(docs).map(([field, doc]) => [`\`${owner}.${field}\``, doc]);
}

function properties(): string {
  return table(
    ['property', 'broken when'],
    Object.entries(PROPERTIES).map(([name, doc]) => [`\`${name}\``, doc]),
  );
}

function limits(): string {
  const texts: Readonly<Record<keyof typeof LIMITS, string>> = {
    fileLength: 'characters of a file (UTF-16 units)',
    nesting: 'bodies within bodies; parentheses, indexes and unary operators within each other',
    statements: 'statements of a file, blocks included',
    operators: 'binary operators of an expression',
    nameLength: 'characters of a name',
    stringLength: 'characters of a string',
    callArguments: 'arguments of an operation or device',
    repeatCount: 'rounds of a `repeat`',
    devices: 'devices of a file',
    processes: 'processes of a file, forked children included',
    threads: 'threads of a file, main threads included',
    deviceSize: 'bytes of a device (64 TiB)',
    number: 'a number, written or computed (2^53 - 1)',
    reportedErrors: 'errors shown of a file; the others are counted',
  };
  return table(
    ['at most', 'of'],
    Object.entries(LIMITS).map(([name, limit]) => [
      limit.toLocaleString('en-US'),
      isLimit(name) ? texts[name] : '',
    ]),
  );
}

function isLimit(name: string): name is keyof typeof LIMITS {
  return Object.hasOwn(LIMITS, name);
}
