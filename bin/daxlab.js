#!/usr/bin/env node
import { existsSync } from 'node:fs';

if (existsSync(new URL('../dist/bundle/main.js', import.meta.url))) {
  await import('../dist/bundle/main.js');
} else {
  console.error("daxlab is not built yet: 'npm start' or 'npm run build' builds it");
  process.exitCode = 2;
}
