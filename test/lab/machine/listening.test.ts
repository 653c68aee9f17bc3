import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LabError } from '../../../src/lab/labError.ts';
import { listenOn } from '../../../src/lab/machine/listening.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

describe('a socket for a guest', () => {
  it('hands over the one peer that connects', async () => {
    const listening = await listenOn(join(temporaryFolder(), 'agent'));
    const peer = connect(listening.path);
    expect(await listening.connected).not.toBeNull();
    listening.close();
    peer.destroy();
  });

  it('has no peer where it is closed before one is there', async () => {
    const listening = await listenOn(join(temporaryFolder(), 'agent'));
    listening.close();
    expect(await listening.connected).toBeNull();
  });

  it('is refused where its path does not fit, instead of being made elsewhere', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'a'.repeat(107 - folder.length));
    expect(Buffer.byteLength(path)).toBe(108);
    await expect(listenOn(path)).rejects.toThrow(LabError);
    await expect(listenOn(path)).rejects.toThrow('set TMPDIR to a shorter folder');
    expect(existsSync(path.slice(0, 107))).toBe(false);
  });

  it('is refused where there is no such folder', async () => {
    await expect(listenOn(join(temporaryFolder(), 'nowhere', 'agent'))).rejects.toThrow(
      'no socket for the guest: ',
    );
  });
});
