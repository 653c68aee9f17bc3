import { readFileSync } from 'node:fs';
import { record } from '../../../explorer/src/recording/record.ts';
import { Replica } from '../../../explorer/src/recording/replica.ts';
import { type MachineView, machineView } from '../../../explorer/src/state/machineView.ts';
import { unitsConcerned } from '../../../explorer/src/state/pageCards.ts';
import { type Timeline, timelineOf } from '../../../explorer/src/timeline/timeline.ts';
import { loadTest, type Program, type Scheme } from '../../../src/litmus/index.ts';

export const SCHEMES: readonly Scheme[] = ['devmap', 'refcount'];

export function programOf(text: string, file = 'test.litmus'): Program {
  const loaded = loadTest(text, file);
  if (!('program' in loaded)) throw new Error(`${file}: ${loaded.errors[0]?.message}`);
  return loaded.program;
}

export function shippedProgram(path: string): Program {
  return programOf(readFileSync(path, 'utf8'), path);
}

export function timelineFor(program: Program): Timeline {
  return timelineOf(record(program, 'devmap'), record(program, 'refcount'));
}

/** What both machines show behind the operation of a text, in its `nth` occurrence. */
export function viewsBehind(program: Program, operation: string): Record<Scheme, MachineView> {
  const view = (scheme: Scheme): MachineView => {
    const recording = record(program, scheme);
    const found = recording.operations.find(({ text }) => text === operation);
    if (found === undefined) throw new Error(`no operation '${operation}'`);
    const replica = new Replica(program, recording);
    const units = [...unitsConcerned(replica)].sort((one, other) => one - other);
    replica.seek(found.lastStep + 1);
    return machineView(replica, units);
  };
  return { devmap: view('devmap'), refcount: view('refcount') };
}
