import { useEffect } from 'preact/hooks';
import { shown, shownBefore } from '../../session/shown.ts';
import { failure, isRunning, run, view } from '../../session/signals.ts';
import { lockFacts } from '../../state/lockFacts.ts';
import { CheckPage } from '../check/CheckPage.tsx';
import { ConditionsPanel } from './ConditionsPanel.tsx';
import { FactsPanel } from './FactsPanel.tsx';
import { FilesPanel } from './FilesPanel.tsx';
import { FindingsPanel } from './FindingsPanel.tsx';
import { HeatMapPanel } from './HeatMapPanel.tsx';
import { handleKey } from './keyboard.ts';
import { Now } from './Now.tsx';
import { PagesPanel } from './PagesPanel.tsx';
import { SourcePane } from './SourcePane.tsx';
import { TablesPanel } from './TablesPanel.tsx';
import { TimelineBar } from './TimelineBar.tsx';

/** The test that is open: its text, both machines, the timeline. */
export function RunPage() {
  useEffect(() => {
    document.addEventListener('keydown', handleKey);
    return () => document.removeEventListener('keydown', handleKey);
  }, []);
  const loaded = run.value;
  return (
    <>
      <div class="work">
        <aside class="side" aria-label="text of the test">
          <SourcePane />
        </aside>
        <main class="main">
          {failure.value !== null && (
            <p class="notice alarm" role="alert">
              {failure.value}
            </p>
          )}
          <Content />
        </main>
      </div>
      {loaded !== null && view.value === 'run' && <TimelineBar loaded={loaded} />}
    </>
  );
}

function Content() {
  if (view.value === 'check') return <CheckPage />;
  if (run.value !== null) return <Machines />;
  return <p class="quiet">{isRunning.value ? 'Executing both kernels…' : ''}</p>;
}

function Machines() {
  const now = shown.value;
  const before = shownBefore.value;
  if (now === null || before === null) return null;
  return (
    <>
      <Now now={now} />
      <FindingsPanel now={now} />
      <PagesPanel now={now} before={before} />
      <HeatMapPanel now={now} />
      <FilesPanel now={now} before={before} />
      <TablesPanel now={now} before={before} />
      <FactsPanel title="Mappings (VMAs)" facts={(view) => view.mappings} now={now} before={before} />
      <FactsPanel title="TLBs" facts={(view) => view.translations} now={now} before={before} />
      <FactsPanel title="References on the pgmap" facts={(view) => view.pgmaps} now={now} before={before} />
      <FactsPanel title="Locks and waits" facts={lockFacts} now={now} before={before} />
      <FactsPanel title="Device bytes" facts={(view) => view.bytes} now={now} before={before} />
      <ConditionsPanel />
    </>
  );
}
