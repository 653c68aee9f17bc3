/** What a primitive does to the lock that its field and index name; `try` ones only if they answer 1. */
export type LockEffect = 'take' | 'try' | 'drop' | 'share' | 'try-share' | 'unshare' | 'downgrade';

const effects: Readonly<Record<string, LockEffect>> = {
  spin_lock: 'take',
  spin_trylock: 'try',
  spin_unlock: 'drop',
  down_read: 'share',
  down_read_trylock: 'try-share',
  up_read: 'unshare',
  down_write: 'take',
  down_write_trylock: 'try',
  up_write: 'drop',
  downgrade_write: 'downgrade',
};

/** The lock effect of a primitive by its name; `undefined` if it is none on locks. */
export function lockEffectOf(primitive: string): LockEffect | undefined {
  return effects[primitive];
}
