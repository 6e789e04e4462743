// A Worker (or a program) that gets into some state, says so and stays in it. No tests here.

const { isMainThread, parentPort, workerData } = require('node:worker_threads');
const { load, End } = require('./raw.cjs');

const { state, ...where } = isMainThread ? JSON.parse(process.argv[2]) : workerData;
const FOREVER = Number.POSITIVE_INFINITY;
const binding = load(where);
const interpreter = binding.createInterpreterSync({});
const exec = (source, bind) => binding.exec(interpreter, source, undefined, bind, FOREVER, 0);
const execSync = (source, bind) => binding.execSync(interpreter, source, undefined, bind, FOREVER);
const ready = () => (isMainThread ? console.log('ready') : parentPort.postMessage('ready'));

const states = {
  idle: () => execSync('x = 1'),
  closed: () => binding.closeInterpreter(interpreter, 1000),
  busy: () => void exec('while True: pass').catch(() => {}),
  busyAfterSync: () => {
    execSync('x = 1');
    states.busy();
  },
  asleep: () => void exec('import time; time.sleep(60)').catch(() => {}),
  receivingInPython: () => {
    const [, receiver] = binding.createChannel(0, 0, undefined);
    exec('r.recv()', { r: new End(receiver) }).catch(() => {});
  },
  receivingInNode: () => {
    const [sender, receiver] = binding.createChannel(0, 0, undefined);
    binding.receive(receiver, FOREVER, 0).catch(() => {});
    globalThis.kept = sender;
  },
  callingBack: () => void exec('f()', { f: () => new Promise(() => {}) }).catch(() => {}),
  callingBackSync: () => {
    ready();
    for (;;) binding.evaluateSync(interpreter, 'f(1)', undefined, { f: (x) => x }, FOREVER);
  },
  blocked: () => {
    ready();
    execSync('while True: pass');
  },
  creating: () => {
    for (let i = 0; i < 10; i++) binding.createInterpreter({}).catch(() => {});
  },
  exiting: () => {
    states.busy();
    setTimeout(() => process.exit(7), 50);
  },
  failing: () => {
    states.busy();
    setTimeout(() => {
      throw new Error('uncaught on purpose');
    }, 50);
  },
  printing: () => {
    const printer = binding.createInterpreterSync({ stdout: (text) => process.stdout.write(text) });
    execSyncIn(printer, 'print("sync")');
    return binding.exec(printer, 'print("async")', undefined, undefined, FOREVER, 0);
  },
  outOfStack: () => {
    const [sender, receiver] = binding.createChannel(Number.POSITIVE_INFINITY, 0, undefined);
    const nest = (inner, wrap) => {
      let value = inner;
      for (let depth = 0; depth < 500; depth++) value = wrap(value);
      return value;
    };
    const values = [
      nest(1, (x) => [x]),
      nest(1, (x) => ({ x })),
      nest(1, (x) => [x, 1, 2, 3, 4, 5, 6]),
    ];
    let refused = 0;
    const attempt = (action) => {
      try {
        action();
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        refused++;
      }
    };
    for (let i = 0; i < 400; i++) attempt(() => binding.trySend(sender, values[i % 3]));
    let deepest = 0;
    const fall = () => {
      deepest++;
      fall();
    };
    attempt(fall);
    refused = 0;
    const descend = (frames) => {
      if (frames > 0) return void descend(frames - 1);
      for (const value of values) attempt(() => binding.trySend(sender, value));
      attempt(() => binding.tryReceive(receiver));
    };
    // From the very end of the stack up to where there is enough of it.
    for (let frames = deepest; frames > deepest / 2; frames -= Math.ceil(deepest / 400)) {
      attempt(() => descend(frames));
    }
    if (refused === 0) throw new Error('the stack was never at its end');
  },
  atexit: () => execSync('import atexit, os; atexit.register(lambda: os.write(1, b"atexit\\n"))'),
};

function execSyncIn(other, source) {
  binding.execSync(other, source, undefined, undefined, FOREVER);
}

Promise.resolve(states[state]()).then(ready);
