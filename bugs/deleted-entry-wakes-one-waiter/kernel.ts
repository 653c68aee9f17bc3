/** Takes the place of WAKE_ALL: the first will do. */
export const WAKE_ALL__one = 0;
