/** The user asked for what cannot be done; the message says what, and what would be right. Exit status 2. */
export class UsageError extends Error {}
