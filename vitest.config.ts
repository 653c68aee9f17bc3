import { configDefaults, defineConfig } from 'vitest/config';

/** Tests that start virtual machines and browsers, and take minutes: `npm run test:machines`. */
const machines = [
  'test/cli/kernelRun.test.ts',
  'test/cli/kernelRunInterrupted.test.ts',
  'test/explorer/browser/**/*.test.ts',
  'test/inspect/real/**/*.test.ts',
  'test/lab/execute/files/realFiles.test.ts',
  'test/lab/machine/bootGuest.test.ts',
  'test/lab/machine/troubledGuest.test.ts',
];
const isForMachines = process.env.DAXLAB_MACHINES === '1';

export default defineConfig({
  test: {
    include: isForMachines ? machines : ['test/**/*.test.ts'],
    exclude: isForMachines ? configDefaults.exclude : [...configDefaults.exclude, ...machines],
    setupFiles: ['test/support/seed.ts'],
    testTimeout: 180_000,
    maxWorkers: '100%',
    // An emulated machine with several processors panics now and then while it boots; daxlab boots again, and so do its tests.
    retry: isForMachines ? 2 : 0,
    reporters: ['default', './test/support/closingLine.ts'],
  },
});
