/** The user asked to stop (SIGINT, SIGTERM) while the command waited for its input; the message says what for. Exit status 3. */
export class Interruption extends Error {}
