import { runCommandLine } from './commandLine.ts';
import { processHost } from './processHost.ts';

process.exitCode = await runCommandLine(process.argv.slice(2), processHost());
