/** What vm_normal_page and its twins answer where Linux has NULL; frame 0 is a page like any other. */
export const NO_PAGE = -1;
