import type { EditorView } from '@codemirror/view';
import { effect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { edit, revert } from '../../session/opening.ts';
import { diagnostics, failure, open, row, run, text } from '../../session/signals.ts';
import { operationAt } from '../../timeline/timeline.ts';

/** The text of the test, to be read and changed. The editor comes a moment later than the text. */
export function SourcePane() {
  const parent = useRef<HTMLDivElement>(null);
  const plain = useRef<HTMLPreElement>(null);
  const test = open.value;
  useEffect(() => {
    let view: EditorView | undefined;
    let isGone = false;
    let stop = (): void => {};
    const load = async (): Promise<void> => {
      await firstState();
      const [{ createEditor }, { showLine }] = await Promise.all([
        import('../../editor/createEditor.ts'),
        import('../../editor/currentLine.ts'),
      ]);
      if (isGone || parent.current === null || test === null) return;
      plain.current?.remove();
      const editor = createEditor({
        parent: parent.current,
        file: test.file,
        text: text.peek(),
        changed: edit,
      });
      view = editor;
      const stopLine = effect(() => {
        const line = run.value === null ? 0 : (operationAt(run.value.timeline, row.value)?.line ?? 0);
        editor.dispatch({ effects: showLine.of(run.value?.text === text.value ? line : 0) });
      });
      const stopText = effect(() => {
        const now = editor.state.doc.toString();
        if (text.value !== now) editor.dispatch({ changes: { from: 0, to: now.length, insert: text.value } });
      });
      stop = () => {
        stopLine();
        stopText();
      };
    };
    void load();
    return () => {
      isGone = true;
      stop();
      view?.destroy();
    };
  }, [test]);
  return (
    <>
      <div class="editor" ref={parent}>
        <pre ref={plain}>{text.peek()}</pre>
      </div>
      <Problems />
    </>
  );
}

/** Both machines are what one came to see: the editor waits for them, or for the reason why there are none. */
function firstState(): Promise<void> {
  return new Promise((resolve) => {
    const stop = effect(() => {
      if (run.value === null && failure.value === null && diagnostics.value.length === 0) return;
      // Behind the next frame: the state is drawn first.
      requestAnimationFrame(() => setTimeout(resolve));
      queueMicrotask(() => stop());
    });
  });
}

const PROBLEMS_SHOWN = 4;

/** What is wrong with the text, in words; and the way back. */
function Problems() {
  const found = diagnostics.value;
  const isChanged = open.value !== null && text.value !== open.value.original;
  return (
    <div class="problems" aria-live="polite">
      {found.slice(0, PROBLEMS_SHOWN).map(({ message, hint, span }) => (
        <p key={`${span.offset} ${message}`} class="problem">
          <b>
            {span.line}:{span.column}
          </b>{' '}
          {message} ({hint})
        </p>
      ))}
      {found.length > 0 && run.value !== null && (
        <p class="quiet small">Beside stands the run of the text before these errors.</p>
      )}
      {isChanged && (
        <button type="button" class="button" onClick={revert}>
          Back to the test as it was opened
        </button>
      )}
    </div>
  );
}
