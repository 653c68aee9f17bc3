import type { Scheme } from '../../litmus/index.ts';
import { ScheduleRecorder } from './recorder.ts';
import { Replayed } from './replayed.ts';
import { formatReplay, type ReplaySchedule } from './replayString.ts';
import type { Scheduler } from './scheduler.ts';
import { Seeded } from './seeded.ts';
import { Turns } from './turns.ts';

export interface ScheduleOptions {
  /** Chooses the next thread at every step, instead of turns. */
  readonly seed?: number;
  /** Follows a schedule, instead of turns. */
  readonly replay?: ReplaySchedule;
}

/** The scheduler of an execution. */
export interface ChosenSchedule {
  readonly scheduler: Scheduler;
  /** Whether threads may change between any two steps, rather than between operations. */
  readonly isByStep: boolean;
  stepped(thread: number, turnEnded: boolean): void;
  /** The string that repeats the execution. */
  replayString(): string;
}

/** The scheduler that the options ask for: turns, unless they say otherwise. */
export function chooseScheduler(scheme: Scheme, { seed, replay }: ScheduleOptions): ChosenSchedule {
  if (replay !== undefined) {
    const afterwards = replay.seed === null ? new Turns() : new Seeded(replay.seed);
    const scheduler = new Replayed(replay.runs, afterwards);
    const isByStep = replay.runs.length > 0 || replay.seed !== null;
    return fixed(scheduler, isByStep, formatReplay({ ...replay, scheme }));
  }
  if (seed === undefined) return fixed(new Turns(), false, formatReplay({ scheme, runs: [], seed: null }));
  const scheduler = new Seeded(seed);
  const recorder = new ScheduleRecorder();
  return {
    scheduler,
    isByStep: true,
    stepped: (thread) => recorder.stepped(thread),
    replayString: () => recorder.replayString(scheme, seed),
  };
}

function fixed(scheduler: Scheduler, isByStep: boolean, replayString: string): ChosenSchedule {
  return {
    scheduler,
    isByStep,
    stepped: (thread, turnEnded) => scheduler.stepped(thread, turnEnded),
    replayString: () => replayString,
  };
}
