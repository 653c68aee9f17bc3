/**
 * Scenarios of which recorded steps are not repeated on the model, and why. Nothing else may be left out; the
 * rest of each is compared like every other scenario.
 */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  futex: 'futex(2) is not modelled: it reads a word and hashes the page, and keeps nothing of the mapping',
  ptrace: 'ptrace(2) is not modelled; process_vm_readv walks the same way',
  'move-pages': 'NUMA policies and page migration are not modelled: there is one node',
  'remap-file-pages': 'remap_file_pages(2), a deprecated emulation by mmap(2), is not modelled',
  userfaultfd: 'userfaultfd(2) is not modelled; DAX mappings refuse it',
  kpagecount: '/proc/kpagecount and /proc/kpageflags are not modelled',
  'dev-hwpoison': 'memory failure is not modelled',
  'dev-soft-offline': 'memory failure is not modelled',
  'dev-ndctl-reconfigure': 'what the tool ndctl does, a file system on the same memory, is not modelled',
  'dev-daxctl-system-ram': 'what the tool daxctl does, memory hotplug as system RAM, is not modelled',
};
