import { loadTest, type Program, type Scheme } from '../../../src/litmus/index.ts';
import { parseReplay, type ReplaySchedule } from '../../../src/run/index.ts';
import { record } from '../recording/record.ts';
import type { Recording } from '../recording/recording.ts';
import type { RunAnswer, RunRequest } from './requests.ts';
import { variantOf } from './variant.ts';

/** Executes a test under both schemes and keeps every state. */
export async function executeRun({ file, text, bug, schedules }: RunRequest): Promise<RunAnswer> {
  const loaded = loadTest(text, file);
  if (!('program' in loaded)) return { error: 'the test has errors' };
  const recorded = async (scheme: Scheme): Promise<Recording> => {
    const variant = await variantOf(bug, scheme);
    const schedule = schedules[scheme];
    const replay = schedule === undefined ? undefined : scheduleOf(schedule, scheme, loaded.program);
    return record(loaded.program, scheme, { ...(replay && { replay }), ...(variant && { variant }) });
  };
  try {
    return { devmap: await recorded('devmap'), refcount: await recorded('refcount') };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

function scheduleOf(text: string, scheme: Scheme, { threads }: Program): ReplaySchedule {
  const replay = parseReplay(text);
  if ('error' in replay) throw new Error(replay.error);
  if (replay.scheme !== scheme) throw new Error(`'${text}' is a schedule of the ${replay.scheme} scheme`);
  const stranger = replay.runs.find(({ thread }) => thread >= threads.length);
  if (stranger !== undefined)
    throw new Error(`the schedule names thread ${stranger.thread}, which the test has not`);
  return replay;
}
