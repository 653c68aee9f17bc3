import { autocompletion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import { HighlightStyle, StreamLanguage, type StringStream, syntaxHighlighting } from '@codemirror/language';
import { linter, type Diagnostic as Mark } from '@codemirror/lint';
import type { Extension } from '@codemirror/state';
import { hoverTooltip } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { complete, diagnose, hover, isOperationName, isPropertyName } from '../../../src/litmus/index.ts';
import { KEYWORDS } from '../../../src/litmus/syntax/keywords.ts';

const SCHEME_WORDS: readonly string[] = ['devmap', 'refcount', 'idle', 'true', 'false'];
const LINT_MILLISECONDS = 200;

/** The litmus language for CodeMirror: thin adapters over the language's own functions. */
export function litmusLanguage(file: string): Extension {
  return [
    StreamLanguage.define({ name: 'litmus', token, languageData: { commentTokens: { line: '#' } } }),
    syntaxHighlighting(colours),
    autocompletion({ override: [completions], icons: false }),
    linter((view) => marksOf(view.state.doc.toString(), file), { delay: LINT_MILLISECONDS }),
    hoverTooltip((view, position) => {
      const found = hover(view.state.doc.toString(), position);
      if (found === null) return null;
      const { offset, length } = found.span;
      return { pos: offset, end: offset + length, above: true, create: () => ({ dom: tooltip(found.text) }) };
    }),
  ];
}

/** Everything that is wrong, as marks in the text. */
export function marksOf(source: string, file: string): Mark[] {
  return diagnose(source, file).map(({ severity, message, hint, span }) => ({
    from: Math.min(span.offset, source.length),
    to: Math.min(span.offset + Math.max(span.length, 1), source.length),
    severity,
    message: `${message} (${hint})`,
  }));
}

function completions(context: CompletionContext): CompletionResult | null {
  const { from, items } = complete(context.state.doc.toString(), context.pos);
  if (items.length === 0 || (from === context.pos && !context.explicit)) return null;
  return {
    from,
    options: items.map(({ label, kind, detail }) => ({ label, detail: kind, info: detail })),
    validFor: /^\w*$/,
  };
}

/** Colours need no more than the words; what they mean the language's own functions say. */
function token(stream: StringStream): string | null {
  if (stream.eatSpace()) return null;
  if (stream.match('#')) {
    stream.skipToEnd();
    return 'comment';
  }
  if (stream.match(/^"(?:[^"\\]|\\.)*"?/)) return 'string';
  if (stream.match(/^\d\w*/)) return 'number';
  const word = stream.match(/^[A-Za-z_][\w-]*/);
  if (word === null || typeof word === 'boolean') {
    stream.next();
    return null;
  }
  const text = word[0] ?? '';
  if (isPropertyName(text)) return 'propertyName';
  if (!text.includes('-')) return wordKind(text);
  stream.backUp(text.length - text.indexOf('-'));
  return wordKind(text.slice(0, text.indexOf('-')));
}

function wordKind(word: string): string | null {
  if (word in KEYWORDS) return 'keyword';
  if (isOperationName(word)) return 'atom';
  return SCHEME_WORDS.includes(word) ? 'bool' : null;
}

const colours = HighlightStyle.define([
  { tag: tags.comment, color: 'var(--quiet)', fontStyle: 'italic' },
  { tag: tags.string, color: 'var(--get)' },
  { tag: tags.number, color: 'var(--devmap)' },
  { tag: tags.keyword, color: 'var(--pin)', fontWeight: '600' },
  { tag: tags.atom, color: 'var(--refcount)' },
  { tag: tags.bool, color: 'var(--devmap)' },
  { tag: tags.propertyName, color: 'var(--alarm)' },
]);

function tooltip(text: string): HTMLElement {
  const element = document.createElement('div');
  element.className = 'hover';
  element.textContent = text;
  return element;
}
