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
  localStorage.setItem(KEY, theme.value);
}

function apply(chosen: Theme): void {
  document.documentElement.dataset.theme = chosen;
}

function remembered(): Theme {
  const stored = localStorage.getItem(KEY);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}
