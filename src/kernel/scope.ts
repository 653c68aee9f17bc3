import { collectScope, type Scope } from '../compile/dialect/scope.ts';
import { kernelModules } from './modules.gen.ts';

/**
 * Everything that kernel functions may name besides each other: primitives, structs, the state's constants,
 * from all modules of the machine and of the kernel's state that a kernel file imports.
 */
export const kernelScope: Scope = collectScope(kernelModules);
