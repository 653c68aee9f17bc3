declare module 'virtual:kernel-docs' {
  /** File below `src/kernel` → function → its doc comment. */
  const docs: Readonly<Record<string, Readonly<Record<string, string>>>>;
  export default docs;
}

declare module 'virtual:gallery-heads' {
  /** All tests that come with the page. */
  const heads: readonly import('./gallery/catalogue.ts').GalleryEntry[];
  export default heads;
}

declare module 'virtual:gallery-texts' {
  /** Subject of the gallery → loads the texts of its tests, by their paths in the checkout. */
  const loaders: Readonly<
    Record<string, () => Promise<{ readonly default: Readonly<Record<string, string>> }>>
  >;
  export default loaders;
}
