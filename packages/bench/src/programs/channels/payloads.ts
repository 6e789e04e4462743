// The messages of the channel suite as Node sends them: those of python/bench_messages.py.

/** By name. */
export const NODE_PAYLOADS: Readonly<Record<string, unknown>> = {
  int: 7,
  text: 'x'.repeat(100),
  bytes: new Uint8Array(1024).fill(120),
};

/** What a message adds to the sum that the check compares. */
export function weigh(value: unknown): number {
  return typeof value === 'number' ? value : (value as { readonly length: number }).length;
}
