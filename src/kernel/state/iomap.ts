import { defineStruct, type Struct } from '../../machine/field.ts';

/** What a range of a file is made of (include/linux/iomap.h). */
export const IOMAP_HOLE = 0;
export const IOMAP_MAPPED = 2;
export const IOMAP_UNWRITTEN = 3;

type IomapField = 'type' | 'offset' | 'length' | 'addr' | 'flags' | 'srcmap_addr';

/**
 * struct iomap (include/linux/iomap.h): where a range of a file lies on its device. Lives on the stack of the thread that
 * asked its file system, from iomap_begin to iomap_end.
 */
export const iomap: Struct<number, IomapField> = defineStruct<number, IomapField>(
  'iomap',
  { doc: 'struct iomap, include/linux/iomap.h; one object, number 0', private: true },
  {
    type: { doc: 'IOMAP_ type' },
    offset: { doc: 'first page of the file, the one that was asked for', wide: true },
    length: { doc: 'pages from there on that are alike; at most as many as were asked for', wide: true },
    addr: { doc: 'page of the device that page `offset` lies on; 0 in a hole', wide: true },
    flags: { doc: 'IOMAP_F_ flags' },
    srcmap_addr: { doc: 'page of the device to copy what is not written from, plus 1; 0 = nothing to copy' },
  },
);
