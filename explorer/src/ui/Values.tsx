import { termValueText } from '../check/valueText.ts';

/** What the terms of a condition came to; nothing where nobody noted it. */
export function Values({ values }: { readonly values: Readonly<Record<string, number | null>> | undefined }) {
  const terms = Object.entries(values ?? {});
  if (terms.length === 0) return null;
  return (
    <span class="quiet">
      {terms.map(([term, value]) => `${term} is ${termValueText(term, value)}`).join(', ')}
    </span>
  );
}
