// Interpreters that write environment variables, while others call what reads them in C without a lock (getenv in
// tzset, getaddrinfo, OpenSSL) or passes them on (posix_spawn), new interpreters copy all of them (`posix.environ`),
// and so does JavaScript.
//
//   node scripts/robust/environment.mjs [--seconds 5] [--interpreters 8]
import { parseArgs } from 'node:util';
import { Interpreter, within } from './program.mjs';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    interpreters: { type: 'string', default: '8' },
  },
});
const seconds = Number(values.seconds);
const count = Number(values.interpreters);

const WRITE = `
import os, time
end = time.monotonic() + seconds
turn = 0
while time.monotonic() < end:
    names = [f"WRITTEN_{party}_{turn}_{number}" for number in range(40)]
    for name in names:
        os.environ[name] = name * 3
    for name in names:
        assert os.environ.pop(name) == name * 3
    turn += 1
`;
const READ = `
import socket, ssl, subprocess, time
end = time.monotonic() + seconds
while time.monotonic() < end:
    for _ in range(50):
        time.strftime("%Z")
        time.mktime(time.gmtime(0))
        time.tzset()
    socket.getaddrinfo("localhost", 80)
    ssl.get_default_verify_paths()
    subprocess.run(["/bin/sh", "-c", ":"], check=True)
`;
const COPY = `
import os
odd = {name for name, value in os.environ.items() if name.startswith("WRITTEN_") and value != name * 3}
assert os.environ["PATH"] == path and not odd, odd
`;

const path = process.env.PATH;
const all = await Promise.all(Array.from({ length: count }, () => Interpreter.create()));
const end = performance.now() + seconds * 1000;
async function copies() {
  for (let copied = 0; ; copied += 1) {
    if (performance.now() > end) return copied;
    const py = await Interpreter.create();
    if ({ ...process.env }.PATH !== path) throw new Error('JavaScript reads other variables');
    await py.exec(COPY, { bind: { path } });
    await py.close();
  }
}
const parties = all.map((py, party) =>
  py.exec(party % 2 === 0 ? WRITE : READ, { bind: { seconds, party } }),
);
const [copied] = await within(seconds + 60, 'after the time', Promise.all([copies(), ...parties]));
await Promise.all(all.map((py) => py.close()));
console.log(`${count} interpreters for ${seconds} s, ${copied} copies`);
