import { testsOfBugs } from './support/findsBugs.ts';

testsOfBugs('devices');
