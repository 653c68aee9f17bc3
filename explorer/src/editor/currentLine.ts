import { type Extension, StateEffect, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView } from '@codemirror/view';

/** Which line is being executed, counted from 1; 0 for none. */
export const showLine = StateEffect.define<number>();

const mark = Decoration.line({ class: 'executed', attributes: { 'aria-current': 'step' } });

const field = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    let shown = marks.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(showLine)) continue;
      const { doc } = transaction.state;
      shown =
        effect.value < 1 || effect.value > doc.lines
          ? Decoration.none
          : Decoration.set([mark.range(doc.line(effect.value).from)]);
    }
    return shown;
  },
  provide: (own) => EditorView.decorations.from(own),
});

/** Marks the line of the operation that is shown. */
export const currentLine: Extension = field;
