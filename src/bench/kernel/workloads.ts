import { performance } from 'node:perf_hooks';
import type { Scheme } from '../../compile/dialect/source.ts';
import { BenchProcess } from './benchProcess.ts';

/** One device size with one number of touched units. */
export interface Size {
  readonly deviceBytes: number;
  readonly touched: number;
}

/** What one workload did on one size. */
export interface Measurement {
  readonly workload: string;
  readonly scheme: Scheme;
  readonly size: Size;
  readonly operationsPerSecond: number;
  /** Accesses to shared state that one operation takes, counted in the generator form. */
  readonly stepsPerOperation: number;
}

/** Units that a process has touched before its figures count: until then its code is not compiled. */
const WARM_UP = 200_000;

/** Touches, pins and unmaps until the code of this process is compiled, and leaves it mapped and untouched. */
function warmUp(process: BenchProcess, touched: number): void {
  process.map();
  for (let done = 0; done < WARM_UP; done += touched) {
    process.touch(touched);
    process.pin(Math.min(touched * process.alignPages, MOST_PINNED));
    process.unmap();
    process.map();
  }
}

/** Seconds that `work` takes. */
function seconds(work: () => void): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}

const SAMPLE = 64;
const FORKS = 20_000;
/** Pages of large folios that one workload pins: enough to measure, whatever the device. */
const MOST_PINNED = 1_000_000;
const PAGE = 4096;

/** Faults, pins and unmaps 4K pages of one device. */
export function measureSmallPages(scheme: Scheme, size: Size): Measurement[] {
  const { deviceBytes, touched } = size;
  const sample = sampleSteps(scheme, deviceBytes, 1);
  const process = new BenchProcess(scheme, deviceBytes, 1);
  warmUp(process, touched);
  const fault = seconds(() => process.touch(touched));
  const pin = seconds(() => process.pin(touched));
  const munmap = seconds(() => process.unmap());
  const row = { scheme, size };
  return [
    { ...row, workload: '4K fault', operationsPerSecond: touched / fault, stepsPerOperation: sample.fault },
    {
      ...row,
      workload: 'GUP-fast and unpin, 4K',
      operationsPerSecond: touched / pin,
      stepsPerOperation: sample.pin,
    },
    {
      ...row,
      workload: 'munmap, 4K page',
      operationsPerSecond: touched / munmap,
      stepsPerOperation: sample.munmap,
    },
  ];
}

/** Faults PMDs, and pins the 512 pages of each. */
export function measureLargePages(scheme: Scheme, size: Size): Measurement[] {
  const { deviceBytes, touched } = size;
  const sample = sampleSteps(scheme, deviceBytes, 512);
  const process = new BenchProcess(scheme, deviceBytes, 512);
  warmUp(process, touched);
  const fault = seconds(() => process.touch(touched));
  const pinned = Math.min(touched * 512, MOST_PINNED);
  const pin = seconds(() => process.pin(pinned));
  const row = { scheme, size };
  return [
    { ...row, workload: '2M fault', operationsPerSecond: touched / fault, stepsPerOperation: sample.fault },
    {
      ...row,
      workload: 'GUP-fast and unpin, page of 2M',
      operationsPerSecond: pinned / pin,
      stepsPerOperation: sample.pin,
    },
  ];
}

/** Forks a process that has touched pages of its device: no entry is copied. */
export function measureFork(scheme: Scheme, size: Size): Measurement[] {
  const process = new BenchProcess(scheme, size.deviceBytes, 1);
  process.map();
  process.touch(size.touched);
  process.fork(FORKS);
  const fork = seconds(() => process.fork(FORKS));
  const stepsPerOperation = process.steps('dup_mm');
  return [{ workload: 'fork and exit', scheme, size, operationsPerSecond: FORKS / fork, stepsPerOperation }];
}

/** Steps an operation, averaged over the first few units of a mapping of its own. */
function sampleSteps(
  scheme: Scheme,
  deviceBytes: number,
  alignPages: number,
): { readonly fault: number; readonly pin: number; readonly munmap: number } {
  const process = new BenchProcess(scheme, deviceBytes, alignPages);
  process.map();
  let fault = 0;
  for (let index = 0; index < SAMPLE; index++) fault += process.steps('cpu_store', process.address(index), 1);
  const pages = SAMPLE * alignPages;
  const pin = process.steps('pin_user_pages_fast', process.address(0) / PAGE, pages, 0);
  const munmap = process.steps('sys_munmap', process.address(0), SAMPLE * alignPages * PAGE);
  return { fault: fault / SAMPLE, pin: pin / pages, munmap: munmap / SAMPLE };
}
