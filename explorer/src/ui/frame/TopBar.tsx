import { close, open, run } from '../../session/session.ts';
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
        <button type="button" class="button" onClick={nextTheme}>
          <span class="unseen">colours: </span>
          {theme.value}
        </button>
      </nav>
    </header>
  );
}
