// What Linux says about processes and the machine under /proc: processor time, memory, cores, load. On
// other systems everything here is null, and the reports leave it out.

import { readdirSync, readFileSync } from 'node:fs';

// sysconf(_SC_CLK_TCK) is 100 on every Linux that Node runs on.
const TICKS_PER_SECOND = 100;

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Processes end while one looks at them, and other systems have no /proc.
    return null;
  }
}

interface Process {
  readonly parent: number;
  readonly seconds: number;
}

function processOf(pid: number): Process | null {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The name in parentheses may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // After the name: state 0, ppid 1, …, utime 11, stime 12, cutime 13, cstime 14.
  const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0);
  return { parent: Number(fields[1]), seconds: ticks / TICKS_PER_SECOND };
}

/** A process and all below it. */
export function processTree(root: number): Map<number, Process> | null {
  let names: string[];
  try {
    names = readdirSync('/proc');
  } catch {
    return null;
  }
  const all = new Map<number, Process>();
  for (const name of names) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const found = processOf(pid);
    if (found !== null) all.set(pid, found);
  }
  const tree = new Map<number, Process>();
  const visit = (pid: number): void => {
    const found = all.get(pid);
    if (found === undefined || tree.has(pid)) return;
    tree.set(pid, found);
    for (const [child, { parent }] of all) if (parent === pid) visit(child);
  };
  visit(root);
  return tree;
}

/** Processor seconds that a process and all below it have used, ended children included. */
export function cpuSecondsOf(root: number): number | null {
  const tree = processTree(root);
  if (tree === null || tree.size === 0) return null;
  return [...tree.values()].reduce((sum, { seconds }) => sum + seconds, 0);
}

/** Memory of a process and all below it: pages that several share are counted once (PSS), and RSS. */
export interface Memory {
  readonly pss: number;
  readonly rss: number;
}

/** Memory of a process and all below it in bytes. */
export function memoryOf(root: number): Memory | null {
  const tree = processTree(root);
  if (tree === null || tree.size === 0) return null;
  let pss = 0;
  let rss = 0;
  for (const pid of tree.keys()) {
    const rollup = read(`/proc/${pid}/smaps_rollup`);
    if (rollup === null) continue;
    pss += Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) * 1024;
    rss += Number(/^Rss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) * 1024;
  }
  return pss === 0 ? null : { pss, rss };
}

/** Cores as the kernel lists them: `0-2,5` is 0, 1, 2 and 5. */
export function parseCoreList(text: string): number[] {
  return text
    .trim()
    .split(',')
    .filter((part) => part !== '')
    .flatMap((part) => {
      const [first, last = first] = part.split('-').map(Number) as [number, number?];
      return Array.from({ length: last - first + 1 }, (_, index) => first + index);
    });
}

/** The cores that a process, or a thread by its own id, may use. */
export function allowedCoresOf(pid: number): number[] | null {
  const list = /^Cpus_allowed_list:\s*(.*)$/m.exec(read(`/proc/${pid}/status`) ?? '')?.[1];
  return list === undefined ? null : parseCoreList(list);
}

/** The ids of a process's threads; none if it has ended. */
export function threadsOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return [];
  }
}

/** What all processors of the machine have done so far, in seconds. */
export interface Machine {
  readonly busy: number;
  readonly stolen: number;
}

/** Busy and stolen processor seconds of the whole machine since it started. */
export function machineSeconds(): Machine | null {
  const line = read('/proc/stat')?.split('\n', 1)[0];
  if (line === undefined) return null;
  // cpu user nice system idle iowait irq softirq steal
  const fields = line.trim().split(/\s+/).slice(1).map(Number);
  const at = (index: number): number => (fields[index] ?? 0) / TICKS_PER_SECOND;
  return { busy: at(0) + at(1) + at(2) + at(5) + at(6), stolen: at(7) };
}
