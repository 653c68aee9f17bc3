import type { Expression } from '../syntax/ast.ts';
import { deviceNamed } from './devices.ts';
import type { FoundRegister, Scope } from './scope.ts';
import { processNamed, registerIn } from './scope.ts';

/** Indexes of all devices that an expression names, directly or through a file that lies on one. */
export function comparedDevices(expressions: readonly Expression[], scope: Scope): ReadonlySet<number> {
  const found = new Set<number>();
  const open = [...expressions];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    switch (next.kind) {
      case 'unary':
        open.push(next.operand);
        break;
      case 'binary':
        open.push(next.left, next.right);
        break;
      case 'parenthesized':
        open.push(next.inner);
        break;
      case 'path': {
        for (const index of devicesOfPath(next, scope)) {
          found.add(index);
        }
        break;
      }
      default:
        break;
    }
  }
  return found;
}

function devicesOfPath(path: Extract<Expression, { kind: 'path' }>, scope: Scope): Iterable<number> {
  const device = deviceNamed(scope.devices, path.root.name);
  if (device !== null) {
    return [device.index];
  }
  const hasIndex = path.accessors.some((accessor) => accessor.kind === 'index');
  return hasIndex ? (registerOfPath(path, scope)?.draft.devices ?? []) : [];
}

/** The register at the beginning of a path, without reporting anything. */
function registerOfPath(path: Extract<Expression, { kind: 'path' }>, scope: Scope): FoundRegister | null {
  const process = processNamed(scope.outline, path.root.name);
  const [first] = path.accessors;
  if (process !== null) {
    return first?.kind === 'field' ? registerIn(process, first.name) : null;
  }
  const own = scope.process === null ? null : registerIn(scope.process, path.root.name);
  const setter = scope.outline.processes.find(
    (candidate) => candidate.registers.get(path.root.name)?.setHere,
  );
  return own ?? (setter === undefined ? null : registerIn(setter, path.root.name));
}
