import { render } from 'preact';
import { followAddress } from './session/address.ts';
import { App } from './ui/App.tsx';
import { warmUp } from './worker/runClient.ts';

const page = document.getElementById('page');
if (page === null) throw new Error('index.html has no #page');
warmUp();
void followAddress();
render(<App />, page);
