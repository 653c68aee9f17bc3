/** Takes the place of DAX_END_OF_FILE: believed to mean the end. */
export const DAX_END_OF_FILE__zero = 0;
