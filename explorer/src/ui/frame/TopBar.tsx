import { close, open, run, view } from '../../session/session.ts';
import { ShareMenu } from '../share/ShareMenu.tsx';
import { nextTheme, theme } from '../theme.ts';

/** What is open, and what goes for the whole page. */
export function TopBar() {
  const test = open.value;
  const program = run.value?.program;
  return (
    <header class="top">
      <button type="button" class="brand" onClick={close} aria-label="daxlab explorer: all tests">
        daxlab <span>explorer</span>
      </button>
      <div class="title">
        {test !== null && (
          <>
            <h1>{program?.name ?? test.file}</h1>
            <p>{program?.description}</p>
          </>
        )}
      </div>
      <nav aria-label="page">
        {test !== null && (
          <div class="tabs">
            {(['run', 'check'] as const).map((name) => (
              <button
                key={name}
                type="button"
                aria-pressed={view.value === name}
                onClick={() => {
                  view.value = name;
                }}
              >
                {name === 'run' ? 'One run' : 'Every run'}
              </button>
            ))}
          </div>
        )}
        {run.value !== null && <ShareMenu loaded={run.value} />}
        <button type="button" class="button" onClick={nextTheme}>
          <span class="unseen">colours: </span>
          {theme.value}
        </button>
      </nav>
    </header>
  );
}
