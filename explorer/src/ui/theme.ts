import { signal } from '@preact/signals';

export type Theme = 'system' | 'light' | 'dark';

const KEY = 'daxlab-theme';
const NEXT: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };

export const theme = signal<Theme>(remembered());
apply(theme.value);

/** System, light, dark, and again. */
export function nextTheme(): void {
  theme.value = NEXT[theme.value];
  apply(theme.value);
  try {
    localStorage.setItem(KEY, theme.value);
  } catch {
    // It holds until the page is left.
  }
}

function apply(chosen: Theme): void {
  document.documentElement.dataset.theme = chosen;
}

/** A browser that lets nobody store anything throws where it is only asked. */
function remembered(): Theme {
  try {
    const stored = localStorage.getItem(KEY);
    return stored === 'light' || stored === 'dark' ? stored : 'system';
  } catch {
    return 'system';
  }
}
