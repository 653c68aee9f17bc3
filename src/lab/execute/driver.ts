/** Where a device's driver is told to take it and to leave it, and where the device itself is in sysfs, by what name. */
export interface Driver {
  readonly driver: string;
  readonly path: string;
  readonly name: string;
}

/** The driver of a device of the guest, by its kind and the last part of its path: `dax0.0`, or `dax0` of a file system. */
export function driverOf({
  kind,
  name,
}: {
  readonly kind: 'devdax' | 'fsdax';
  readonly name: string;
}): Driver {
  if (kind === 'devdax') {
    return { driver: '/sys/bus/dax/drivers/device_dax', path: `/sys/bus/dax/devices/${name}`, name };
  }
  const namespace = name.replace(/^dax(\d+)$/, 'namespace$1.0');
  return { driver: '/sys/bus/nd/drivers/nd_pmem', path: `/sys/bus/nd/devices/${namespace}`, name: namespace };
}
