import { render } from 'preact';
import { App } from './ui/App.tsx';
import { warmUp } from './worker/runClient.ts';

const page = document.getElementById('page');
if (page === null) throw new Error('index.html has no #page');
warmUp();
render(<App />, page);
