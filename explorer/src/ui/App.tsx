import { open } from '../session/signals.ts';
import { Toast } from './frame/Toast.tsx';
import { TopBar } from './frame/TopBar.tsx';
import { Gallery } from './gallery/Gallery.tsx';
import { RunPage } from './run/RunPage.tsx';

/** The whole page: the gallery, or the test that is open. */
export function App() {
  return (
    <div class="frame">
      <TopBar />
      {open.value === null ? <Gallery /> : <RunPage />}
      <Toast />
    </div>
  );
}
