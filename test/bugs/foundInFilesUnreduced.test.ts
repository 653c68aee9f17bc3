import { testsOfBugs } from './support/findsBugs.ts';

testsOfBugs('files', false);
