/**
 * Scenarios of which recorded steps are not repeated on the model, and why. Nothing else may be left out; the
 * rest of each is compared like every other scenario.
 */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  'fs-syncfs-dropcaches': 'syncfs(2) and /proc/sys/vm/drop_caches are not modelled',
  futex: 'futex(2) is not modelled: it reads a word and hashes the page, and keeps nothing of the mapping',
  ptrace: 'ptrace(2) is not modelled; process_vm_readv walks the same way',
  'move-pages': 'NUMA policies and page migration are not modelled: there is one node',
  'remap-file-pages': 'remap_file_pages(2), a deprecated emulation by mmap(2), is not modelled',
  'splice-from-fd': 'splice(2) and sendfile(2) out of a file copy its bytes, and hold no page of it',
  userfaultfd: 'userfaultfd(2) is not modelled; DAX mappings refuse it',
  'wronly-fd': 'files are opened for reading and writing; a mapping of any other needs no page',
  kpagecount: '/proc/kpagecount and /proc/kpageflags are not modelled',
  'dev-ndctl-reconfigure': 'what the tool ndctl does, a file system on the same memory, is not modelled',
  'dev-daxctl-system-ram': 'what the tool daxctl does, memory hotplug as system RAM, is not modelled',
};
