import { useSignal } from '@preact/signals';
import { bySubject, type GalleryEntry, search } from '../../gallery/catalogue.ts';
import { loadTexts, shipped, shippedTexts } from '../../gallery/shipped.ts';
import { openShipped } from '../../session/opening.ts';
import { Lead } from './Lead.tsx';

/** All shipped tests by subject, with search. */
export function Gallery() {
  const query = useSignal('');
  const found = search(shipped, query.value, shippedTexts.value);
  return (
    <main class="gallery-scroll">
      <div class="gallery">
        <Lead />
        <div class="search">
          <label for="query">Search</label>
          <input
            id="query"
            type="search"
            placeholder="pin munmap, fork, PMD, …"
            value={query.value}
            onFocus={() => void loadTexts()}
            onInput={(event) => {
              query.value = event.currentTarget.value;
            }}
          />
          <output class="quiet" for="query">
            {found.length} of {shipped.length} tests
          </output>
        </div>
        {bySubject(found).map(({ subject, title, entries }) => (
          <section class="subject" key={subject}>
            <h3>
              {title} <span>{entries.length}</span>
            </h3>
            <ul class="entries">
              {entries.map((entry) => (
                <li key={entry.file}>
                  <Entry entry={entry} />
                </li>
              ))}
            </ul>
          </section>
        ))}
        {found.length === 0 && <p class="quiet">No test has all of these words.</p>}
      </div>
    </main>
  );
}

function Entry({ entry }: { readonly entry: GalleryEntry }) {
  const { name, sentence } = entry;
  return (
    <button type="button" class="entry" onClick={() => void openShipped(entry)}>
      <b>{name}</b>
      <span class="sentence">{sentence}</span>
    </button>
  );
}
