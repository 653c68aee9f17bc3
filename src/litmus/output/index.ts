/** The JSON output: its types, its schemas, and what is needed to write and to read it. */
export { isAwaited, isOfEnds, isUnasked } from './conditionKinds.ts';
export type * from './document.ts';
export { LISTED_PAGES, listedPages, listPages, MORE_PAGES, unlistedPages } from './pages.ts';
export * from './schema.ts';
export { stepResult } from './stepResult.ts';
export { type Validation, validateDocument } from './validateDocument.ts';
