import type { Shown } from '../../session/shown.ts';
import type { FilePart, FileView } from '../../state/fileViews.ts';

/** The files of devices that have a file system; nothing where none has. */
export function FilesPanel({ now, before }: { readonly now: Shown; readonly before: Shown }) {
  if (now.devmap.files.length === 0 && now.refcount.files.length === 0) return null;
  return (
    <section class="panel" aria-label="files">
      <h3>Files: where their pages lie, and their DAX entries</h3>
      <div class="schemes">
        {(['devmap', 'refcount'] as const).map((scheme) => {
          const earlier = new Map(before[scheme].files.map((file) => [file.key, JSON.stringify(file)]));
          return (
            <div class={`${scheme} cards`} key={scheme}>
              {now[scheme].files.map((file) => (
                <FileCard
                  key={file.key}
                  file={file}
                  scheme={scheme}
                  isChanged={earlier.get(file.key) !== JSON.stringify(file)}
                />
              ))}
              {now[scheme].files.length === 0 && <p class="quiet small">no file</p>}
            </div>
          );
        })}
      </div>
    </section>
  );
}

interface Properties {
  readonly file: FileView;
  readonly scheme: string;
  readonly isChanged: boolean;
}

function FileCard({ file, scheme, isChanged }: Properties) {
  const { name, device, state, extents, entries } = file;
  return (
    <article class={`card file${isChanged ? ' changed' : ''}`} aria-label={`file ${name} under ${scheme}`}>
      <header>
        <b class="mono">{name}</b>
        <span class="quiet small">on {device}</span>
        {isChanged && <span class="unseen">changed</span>}
      </header>
      <p class="quiet small">{state}</p>
      <dl class="parts">
        <dt>extents</dt>
        <dd>
          <Parts parts={extents} none="no blocks: a hole throughout" />
        </dd>
        <dt>entries</dt>
        <dd>
          <Parts parts={entries} none="none" />
        </dd>
      </dl>
    </article>
  );
}

const PARTS_SHOWN = 12;

function Parts({ parts, none }: { readonly parts: readonly FilePart[]; readonly none: string }) {
  if (parts.length === 0) return <span class="quiet">{none}</span>;
  return (
    <ul>
      {parts.slice(0, PARTS_SHOWN).map(({ first, pages, target, flags }) => (
        <li key={`${first} ${target}`}>
          {pages} → {target}{' '}
          {flags.map((flag) => (
            <span key={flag} class="flag">
              {flag}
            </span>
          ))}
        </li>
      ))}
      {parts.length > PARTS_SHOWN && <li class="quiet">and {parts.length - PARTS_SHOWN} more</li>}
    </ul>
  );
}
