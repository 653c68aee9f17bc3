import { type Choices, PAGE, PMD } from './choices.ts';

/** `reflink`: files that share blocks · `huge`: files that PMDs can map */
export const KINDS = ['devdax', 'fsdax', 'reflink', 'huge'] as const;
export type Kind = (typeof KINDS)[number];

/** What the tests of a kind are about, once chosen for one of them. */
export interface Setting {
  readonly isDevice: boolean;
  readonly isHuge: boolean;
  /** How much more often than else files are made to share blocks. */
  readonly reflinks: number;
  /** Bytes that one entry of the device maps. */
  readonly unit: number;
  readonly deviceText: string;
}

export function settingOf(kind: Kind, choices: Choices): Setting {
  if (kind === 'devdax') {
    const unit = choices.chance(67) ? PAGE : PMD;
    const deviceText = unit === PAGE ? 'devdax(size=4M, align=4K)' : 'devdax(size=8M, align=2M)';
    return { isDevice: true, isHuge: false, reflinks: 0, unit, deviceText };
  }
  const system = kind === 'reflink' ? 'xfs' : choices.pick(['ext4', 'xfs']);
  return {
    isDevice: false,
    isHuge: kind === 'huge' || choices.chance(20),
    reflinks: kind === 'reflink' ? 12 : system === 'xfs' ? 4 : 1,
    unit: PAGE,
    deviceText: `fsdax(size=64M, fs=${system})`,
  };
}
