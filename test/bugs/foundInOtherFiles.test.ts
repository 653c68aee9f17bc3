import { testsOfBugs } from './support/findsBugs.ts';

testsOfBugs('files', { first: 1, every: 2 });
