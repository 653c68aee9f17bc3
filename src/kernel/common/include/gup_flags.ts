/* FOLL_ flags of get_user_pages (include/linux/mm_types.h, mm/internal.h). Values are the model's own. */

export const FOLL_WRITE = 1;
export const FOLL_GET = 2;
export const FOLL_FORCE = 4;
export const FOLL_PIN = 8;
export const FOLL_LONGTERM = 16;
export const FOLL_TOUCH = 32;
export const FOLL_FAST_ONLY = 64;
export const FOLL_REMOTE = 128;
export const FOLL_MADV_POPULATE = 256;

/** What one pin adds to the refcount of a small folio (include/linux/mm.h). */
export const GUP_PIN_COUNTING_BIAS = 1024;
