import { render } from 'preact';
import { followAddress } from './session/address.ts';
import { App } from './ui/App.tsx';
import { tell } from './ui/frame/Toast.tsx';
import { warmUp } from './worker/runClient.ts';

const page = document.getElementById('page');
if (page === null) throw new Error('index.html has no #page');
window.addEventListener('vite:preloadError', () =>
  tell('a part of the page could not be loaded: is the server that gave you it still there?'),
);
warmUp();
void followAddress();
render(<App />, page);
