import type { RegisterReference, ResolvedExpression, Term } from '../program/expression.ts';
import type { Program } from '../program/program.ts';

/** A term as a test writes it, with its registers named by their process. */
export function termText(term: Term, program: Program): string {
  const device = (index: number): string => program.devices[index]?.name ?? '?';
  switch (term.kind) {
    case 'idle':
      return 'idle';
    case 'page':
      return `${device(term.device)}[${indexText(term.index, program)}].${term.field}`;
    case 'filePage':
      return `${registerText(term.file, program)}[${indexText(term.index, program)}].${term.field}`;
    case 'entry':
      return `${registerText(term.mapping, program)}.pte[${indexText(term.index, program)}].${term.field}`;
    case 'pgmap':
      return `${device(term.device)}.pgmap.${term.field}`;
    case 'device':
      return `${device(term.device)}.${term.field}`;
    case 'register':
      return registerText(term.register, program);
  }
}

function registerText({ process, slot }: RegisterReference, program: Program): string {
  const owner = program.processes[process];
  return `${owner?.name ?? '?'}.${owner?.registers[slot]?.name ?? '?'}`;
}

function indexText(index: ResolvedExpression, program: Program): string {
  switch (index.kind) {
    case 'number':
      return `${index.value}`;
    case 'unary':
      return `${index.operator}${indexText(index.operand, program)}`;
    case 'binary':
      return `${indexText(index.left, program)} ${index.operator} ${indexText(index.right, program)}`;
    default:
      return termText(index, program);
  }
}
