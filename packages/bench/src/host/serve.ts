// The side of a program that Node runs: `node serve.js <module>`. The runner's side is in host.ts.

import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { MARK, type ProgramModule, type Reply, type Request, Timed } from './protocol.js';

function reply(message: Reply): void {
  process.stdout.write(`\n${MARK}${JSON.stringify(message)}\n`);
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

async function main(path: string): Promise<void> {
  const program = (await import(pathToFileURL(path).href)) as ProgramModule;
  const { version, workloads, close } = await program.open();
  reply({ ready: true, version, workloads: Object.keys(workloads) });
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line) as Request;
    if (request.op === 'close') break;
    try {
      const workload = workloads[request.workload];
      if (workload === undefined) throw new Error(`no workload ${request.workload}`);
      // Not before work that is timed: this collection keeps no shapes of objects, and V8 throws away
      // whatever it had compiled for them, which the collections of a program that runs do not.
      if (request.collect) globalThis.gc?.();
      const start = process.hrtime.bigint();
      const result = await workload(request.n);
      const seconds = Number(process.hrtime.bigint() - start) / 1e9;
      reply(
        result instanceof Timed
          ? { seconds: result.seconds, check: result.check }
          : { seconds, check: result },
      );
    } catch (error) {
      reply({ error: textOf(error) });
    }
  }
  await close?.();
}

main(process.argv[2] as string).then(
  () => process.exit(0),
  (error) => {
    reply({ error: textOf(error) });
    process.exit(1);
  },
);
