declare module 'virtual:kernel-docs' {
  /** File below `src/kernel` → function → its doc comment. */
  const docs: Readonly<Record<string, Readonly<Record<string, string>>>>;
  export default docs;
}
