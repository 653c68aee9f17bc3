import { signal } from '@preact/signals';
import type { RecordedStep } from '../../recording/recording.ts';

type Docs = Readonly<Record<string, Readonly<Record<string, string>>>>;

const docs = signal<Docs | null>(null);
/** Stays as it is while one steps, under both schemes. */
const isOpen = signal(false);

/** The kernel function of a step; behind it what it stands for in Linux, and who called it. */
export function KernelPlace({ step }: { readonly step: RecordedStep }) {
  const { function: name, file, line } = step.entry;
  if (file === '') return <code>{name}</code>;
  return (
    <details
      class="place"
      open={isOpen.value}
      onToggle={(event) => {
        isOpen.value = event.currentTarget.open;
        if (isOpen.value) void loadDocs();
      }}
    >
      <summary>
        <code>{name}</code>{' '}
        <span class="quiet source">
          {file}:{line}
        </span>
      </summary>
      <p class="doc">{docs.value === null ? '…' : (docs.value[file]?.[name] ?? 'It has no doc comment.')}</p>
      <ol class="chain" aria-label="calls under way, outermost first">
        {step.calls.map((call, depth) => (
          <li key={`${depth} ${call.callee}`}>
            <code>{call.caller}</code> <span class="quiet">{`${call.file}:${call.line}`}</span>
          </li>
        ))}
        <li>
          <code>{step.calls.at(-1)?.callee}</code> <span class="quiet">the access itself</span>
        </li>
      </ol>
    </details>
  );
}

async function loadDocs(): Promise<void> {
  docs.value ??= (await import('virtual:kernel-docs')).default;
}
