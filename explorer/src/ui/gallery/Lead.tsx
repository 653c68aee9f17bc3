import { shipped } from '../../gallery/shipped.ts';
import { openShipped } from '../../session/opening.ts';
import { RELEASES } from '../releases.ts';

/** The test in which the two schemes part for the first time. */
const FIRST = 'litmus/devdax/fault/read-fault.litmus';

/** What the page is about, for those who see it for the first time. */
export function Lead() {
  const first = shipped.find(({ file }) => file === FIRST);
  return (
    <section class="lead">
      <div>
        <h2>Who holds a device-DAX page?</h2>
        <p>
          A process maps a page of a DAX device. Up to Linux 6.14 that mapping left no trace on the page: a{' '}
          <b class="scheme-devmap">devmap</b> bit in the page table told every walker to keep its hands off.
          Since 6.15 every mapping takes a <b class="scheme-refcount">reference</b>, as it does for ordinary
          memory.
        </p>
        <p>
          Here both kernels run in your browser. Open a test, step through it, and watch page tables and
          reference counts change side by side.
        </p>
        {first !== undefined && (
          <p>
            <button type="button" class="button primary" onClick={() => void openShipped(first)}>
              Begin with a first page fault
            </button>
          </p>
        )}
      </div>
      <figure>
        <figcaption>One page, mapped once: its reference count</figcaption>
        <div
          class="picture"
          role="img"
          aria-label="One mapped page: refcount 1 under devmap, 2 under refcount."
        >
          <Example scheme="devmap" count={1} />
          <Example scheme="refcount" count={2} />
        </div>
      </figure>
    </section>
  );
}

function Example({ scheme, count }: { readonly scheme: 'devmap' | 'refcount'; readonly count: number }) {
  const isCounted = scheme === 'refcount';
  return (
    <div class={scheme} aria-hidden="true">
      <div class="head">
        <b>{scheme}</b>
        <span class="quiet small">{RELEASES[scheme]}</span>
      </div>
      <div class="card">
        <header>
          <span class="mono">d[0]</span>
          <span class="count">{count}</span>
        </header>
        <div class="tokens">
          <span class="token base">
            <b>1</b> base
          </span>
          <span class={`token mapping${isCounted ? '' : ' uncounted'}`}>
            {isCounted ? <b>+1</b> : null} P.m{isCounted ? '' : ', not counted'}
          </span>
        </div>
      </div>
    </div>
  );
}
