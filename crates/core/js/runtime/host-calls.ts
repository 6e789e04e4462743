// Calls of JavaScript functions from Python while waits are watched. Who watches makes the calls; nothing
// about networks is known here.

/** Makes a call for a thread of Python's that waits for it. `agent`: `<interpreter's id>/<kind>`. */
export type HostCaller = (
  agent: string,
  name: string,
  args: readonly unknown[],
  call: () => unknown,
) => unknown;

let caller: HostCaller | undefined;

/** Makes calls that are watched through this, from now on. */
export function makeHostCallsBy(make: HostCaller): void {
  caller = make;
}

/** The hook. */
export function hostCalled(
  agent: string,
  called: (...args: readonly unknown[]) => unknown,
  args: readonly unknown[],
): unknown {
  const call = (): unknown => called(...args);
  return caller === undefined ? call() : caller(agent, called.name, args, call);
}
