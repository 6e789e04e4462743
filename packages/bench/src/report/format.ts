// Numbers and versions as people read them.

import type { MachineInfo } from '../machine/describe.js';
import type { Unit } from '../method/model.js';

const STEPS: Readonly<Record<Unit, readonly (readonly [factor: number, name: string])[]>> = {
  seconds: [
    [1, 's'],
    [1e-3, 'ms'],
    [1e-6, 'µs'],
    [1e-9, 'ns'],
  ],
  perSecond: [
    [1e6, 'M/s'],
    [1e3, 'k/s'],
    [1, '/s'],
  ],
  bytes: [
    [1 << 30, 'GB'],
    [1 << 20, 'MB'],
    [1 << 10, 'KB'],
    [1, 'B'],
  ],
};

/** Three significant digits, never an exponent. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(digits, 3));
}

/** A value with the prefix that suits it: `0.61 µs`. */
export function formatValue(value: number, unit: Unit): string {
  const steps = STEPS[unit];
  const step = steps.find(([factor]) => Math.abs(value) >= factor) ?? steps.at(-1);
  const [factor, name] = step as readonly [number, string];
  return `${formatNumber(value / factor)} ${name}`;
}

/** A ratio: `12.4×`. */
export function formatRatio(value: number): string {
  return `${formatNumber(value)}×`;
}

/** A share: `±4 %`. */
export function formatSpread(value: number): string {
  return Number.isFinite(value) ? `±${Math.round((value / 2) * 100)} %` : '–';
}

/** The version of Python and which one of that version it is: `3.13.0 (as given)`. */
export function pythonText({ python, pythonEnvironment }: MachineInfo): string {
  return pythonEnvironment === undefined ? python : `${python} (${pythonEnvironment})`;
}
