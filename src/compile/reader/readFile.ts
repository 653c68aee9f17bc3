import type * as ESTree from 'oxc-parser';
import { parseSync } from 'oxc-parser';
import type { Refusal } from '../dialect/refusal.ts';
import type {
  Declaration,
  HelperDeclaration,
  ImportedName,
  LinuxOrigin,
  Parameter,
  Room,
  SourceFile,
} from '../dialect/source.ts';
import type { Expression } from '../dialect/tree.ts';
import { linuxOrigins } from './docComment.ts';
import { ExpressionReader } from './expression.ts';
import { Locals } from './locals.ts';
import { Reading } from './reading.ts';
import { StatementReader } from './statement.ts';

/** A kernel source as it lies in its folder. */
export interface SourceText {
  /** Path below the kernel's folder; its first part is the room. */
  readonly path: string;
  readonly text: string;
}

/** What reading gives: the files, and everything in them that is not in the dialect. */
export interface ReadSources {
  readonly files: readonly SourceFile[];
  readonly refusals: readonly Refusal[];
}

/**
 * Reads kernel sources into data, in byte order of their paths. What the syntax alone can tell is checked here;
 * `check` tells the rest.
 */
export function readSources(sources: readonly SourceText[]): ReadSources {
  const refusals: Refusal[] = [];
  const files = [...sources]
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map((source) => {
      const reading = new Reading(source.path, source.text);
      const file = readFile(reading);
      refusals.push(...reading.refusals);
      return file;
    });
  return { files, refusals };
}

function readFile(reading: Reading): SourceFile {
  const { program, comments, errors } = parseSync(reading.path, reading.text);
  for (const error of errors) reading.refuse({ start: error.labels[0]?.start ?? 0, end: 0 }, error.message);
  const imports: ImportedName[] = [];
  const declarations: Declaration[] = [];
  for (const node of program.body) {
    if (node.type === 'ImportDeclaration') {
      imports.push(...readImport(reading, node));
    } else if (node.type !== 'TSTypeAliasDeclaration' && !isTypeExport(node)) {
      const inner = node.type === 'ExportNamedDeclaration' && node.declaration ? node.declaration : node;
      declarations.push(
        ...readDeclaration(reading, inner, linuxOrigins(commentBefore(reading, comments, node))),
      );
    }
  }
  return { path: reading.path, room: reading.path.split('/')[0] as Room, imports, declarations };
}

function isTypeExport(node: ESTree.Program['body'][number]): boolean {
  if (node.type !== 'ExportNamedDeclaration') return false;
  return node.exportKind === 'type' || node.declaration?.type === 'TSTypeAliasDeclaration';
}

/** The comment that ends right before a declaration, with nothing but white space between. */
function commentBefore(
  reading: Reading,
  comments: readonly ESTree.Comment[],
  node: { readonly start: number },
): string {
  const before = comments.filter((comment) => comment.end <= node.start).at(-1);
  if (before === undefined || reading.text.slice(before.end, node.start).trim() !== '') return '';
  return before.value;
}

function readImport(reading: Reading, node: ESTree.ImportDeclaration): ImportedName[] {
  if (node.importKind === 'type') return [];
  return node.specifiers.flatMap((specifier) => {
    if (specifier.type !== 'ImportSpecifier') {
      reading.refuse(specifier, 'import names one by one: the linker binds by name');
      return [];
    }
    if (specifier.importKind === 'type') return [];
    const imported = specifier.imported.type === 'Identifier' ? specifier.imported.name : '';
    if (imported !== specifier.local.name) {
      reading.refuse(specifier, `'${imported}' is imported under another name: the linker binds by name`);
    }
    return [{ name: imported, from: node.source.value, line: reading.lineOf(specifier.start) }];
  });
}

function readDeclaration(
  reading: Reading,
  node: ESTree.Program['body'][number],
  linux: readonly LinuxOrigin[],
): Declaration[] {
  if (node.type === 'FunctionDeclaration') return readFunction(reading, node, linux);
  if (node.type === 'VariableDeclaration') return readConstants(reading, node);
  reading.refuse(
    node,
    `${node.type}: a kernel file holds imports, types, constants, helpers and kernel functions`,
  );
  return [];
}

function readConstants(reading: Reading, node: ESTree.VariableDeclaration): Declaration[] {
  if (node.kind !== 'const') reading.refuse(node, 'module variables are not in the dialect: use const');
  return node.declarations.flatMap((declarator) => {
    if (declarator.id.type !== 'Identifier' || declarator.init === null) {
      reading.refuse(declarator, 'a constant has one name and a value');
      return [];
    }
    const expressions = new ExpressionReader(reading, new Locals(), 'constant', declarator.start);
    const value = expressions.read(declarator.init);
    return [
      { kind: 'constant', name: declarator.id.name, line: reading.lineOf(declarator.start), value } as const,
    ];
  });
}

function readFunction(reading: Reading, node: ESTree.Function, linux: readonly LinuxOrigin[]): Declaration[] {
  if (node.id === null || node.body === null || node.async) {
    reading.refuse(node, 'a function has a name and a body, and is not async');
    return [];
  }
  if (node.typeParameters) reading.refuse(node.typeParameters, 'type parameters are not in the dialect');
  const locals = new Locals();
  const parameters = readParameters(reading, node.params, locals);
  const returned = node.returnType?.typeAnnotation;
  if (node.returnType) reading.blank(node.returnType.start, node.returnType.end);
  const expressions = new ExpressionReader(
    reading,
    locals,
    node.generator ? 'function' : 'helper',
    node.start,
  );
  const { calls, references, tests } = expressions;
  const common = { name: node.id.name, line: reading.lineOf(node.start), parameters, linux };
  if (!node.generator) {
    const value = readHelperValue(reading, node.body, expressions);
    const text = reading.blanked(node);
    const returnsBoolean = returned?.type === 'TSBooleanKeyword';
    return [
      {
        kind: 'helper',
        ...common,
        value,
        returnsBoolean,
        text,
        calls,
        references,
        tests,
      } satisfies HelperDeclaration,
    ];
  }
  const statements = new StatementReader(reading, locals, expressions, parameters.length);
  const body = locals.block(() => statements.readAll(node.body?.body ?? []));
  return [
    {
      kind: 'function',
      ...common,
      locals: locals.names,
      body,
      returnsValue: returned?.type === 'TSTypeReference' && returned.typeArguments !== null,
      text: reading.blanked(node),
      star: reading.text.indexOf('*', node.start) - node.start,
      calls,
      references,
      tests,
    },
  ];
}

function readParameters(
  reading: Reading,
  nodes: readonly ESTree.ParamPattern[],
  locals: Locals,
): Parameter[] {
  return nodes.flatMap((node) => {
    if (node.type !== 'Identifier' || node.optional) {
      reading.refuse(node, 'a parameter is one identifier, without a default');
      return [];
    }
    locals.declare(node.name, reading.lineOf(node.start));
    const annotation = node.typeAnnotation;
    if (!annotation) return [{ name: node.name, type: '' }];
    reading.blank(annotation.start, annotation.end);
    const { start, end } = annotation.typeAnnotation;
    return [{ name: node.name, type: reading.text.slice(start, end) }];
  });
}

function readHelperValue(
  reading: Reading,
  body: ESTree.FunctionBody,
  expressions: ExpressionReader,
): Expression {
  const only = body.body[0];
  if (body.body.length === 1 && only?.type === 'ReturnStatement' && only.argument !== null) {
    return expressions.read(only.argument);
  }
  reading.refuse(body, 'a pure helper is one return expression (a kernel function is function*)');
  return { kind: 'number', value: 0 };
}
