import fc from 'fast-check';

/** Tests with random input take the same from run to run; `DAXLAB_SEED=N npx vitest run FILE` tries others. */
fc.configureGlobal({ seed: Number(process.env.DAXLAB_SEED ?? 1) });
