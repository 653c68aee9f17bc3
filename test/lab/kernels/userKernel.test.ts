import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { userKernel } from '../../../src/lab/kernels/userKernel.ts';
import { extractVmlinux } from '../../../src/lab/kernels/vmlinux.ts';
import { runCommand } from '../../../src/lab/process/runCommand.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { bzImage } from './bzImage.ts';

function setUp(release: string, modulesOf: string): { vmlinuz: string; modules: string; root: string } {
  const root = temporaryFolder();
  const vmlinuz = join(root, 'bzImage');
  writeFileSync(vmlinuz, bzImage(release));
  const modules = join(root, 'lib', 'modules', modulesOf);
  mkdirSync(join(modules, 'kernel', 'drivers'), { recursive: true });
  return { vmlinuz, modules, root };
}

describe('a kernel of the user’s own', () => {
  it('says its release itself', () => {
    const { vmlinuz, modules } = setUp('6.15.0-rc3+', '6.15.0-rc3+');
    expect(userKernel(vmlinuz, modules)).toEqual({ release: '6.15.0-rc3+', vmlinuz, modules });
  });

  it('is found below the folder of all modules', () => {
    const { vmlinuz, modules, root } = setUp('6.15.0', '6.15.0');
    expect(userKernel(vmlinuz, join(root, 'lib', 'modules')).modules).toBe(modules);
  });

  it('may have its modules in a folder of any name', () => {
    const { vmlinuz, modules } = setUp('6.15.0', 'modules');
    expect(userKernel(vmlinuz, modules).modules).toBe(modules);
  });

  it('is refused with the modules of another release', () => {
    const { vmlinuz, modules } = setUp('6.15.0', '6.15.1');
    expect(() => userKernel(vmlinuz, modules)).toThrow(
      `${modules} has no modules for 6.15.0, the release of ${vmlinuz}: give its lib/modules/6.15.0`,
    );
  });

  it('is refused without a folder of modules', () => {
    const { vmlinuz, root } = setUp('6.15.0', '6.15.0');
    expect(() => userKernel(vmlinuz, join(root, 'nowhere'))).toThrow('has no modules for 6.15.0');
  });

  it.each([
    ['an empty file', Buffer.alloc(0)],
    ['a text', Buffer.from('#!/bin/sh\n'.repeat(200))],
    ['a header without a release', bzImage('')],
    ['a header that is cut off', bzImage('6.15.0').subarray(0, 0x210)],
  ])('is refused when it is %s', (_, content) => {
    const { vmlinuz, modules } = setUp('6.15.0', '6.15.0');
    writeFileSync(vmlinuz, content);
    expect(() => userKernel(vmlinuz, modules)).toThrow(
      `${vmlinuz} is no bzImage for x86: give the vmlinuz of a kernel`,
    );
  });

  it('is refused when it cannot be read', () => {
    expect(() => userKernel('/nowhere/vmlinuz', '/nowhere')).toThrow('/nowhere/vmlinuz cannot be read');
  });
});

describe('the kernel in a bzImage', () => {
  it('comes out as it went in', async () => {
    const kernel = Buffer.concat([Buffer.from('\x7fELF', 'latin1'), Buffer.from('the kernel')]);
    const vmlinuz = join(temporaryFolder(), 'vmlinuz');
    writeFileSync(vmlinuz, bzImage('6.15.0', kernel));
    expect(await extractVmlinux(vmlinuz, runCommand)).toEqual(kernel);
  });

  it.each([
    ['what is no ELF file', bzImage('6.15.0', Buffer.from('something else'))],
    ['an unknown compression', Buffer.concat([bzImage('6.15.0').subarray(0, 1024), Buffer.alloc(100, 'x')])],
    ['no header', Buffer.alloc(4096)],
    ['too little', Buffer.alloc(10)],
  ])('is not made out of %s', async (_, content) => {
    const vmlinuz = join(temporaryFolder(), 'vmlinuz');
    writeFileSync(vmlinuz, content);
    expect(await extractVmlinux(vmlinuz, runCommand)).toBeNull();
  });
});
