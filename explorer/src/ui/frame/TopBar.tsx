import { close } from '../../session/opening.ts';
import { open, run, view } from '../../session/signals.ts';
import { ShareMenu } from '../share/ShareMenu.tsx';
import { nextTheme, type Theme, theme } from '../theme.ts';

const COLOURS: Readonly<Record<Theme, string>> = {
  system: '◐ Colours',
  light: '○ Light',
  dark: '● Dark',
};

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
          {COLOURS[theme.value]}
        </button>
      </nav>
    </header>
  );
}
