import { testsOfBugs } from './support/findsBugs.ts';

testsOfBugs('files', { first: 0, every: 2 });
