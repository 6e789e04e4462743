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
  atexit: () => execSync('import atexit, os; atexit.register(lambda: os.write(1, b"atexit\\n"))'),
};

function execSyncIn(other, source) {
  binding.execSync(other, source, undefined, undefined, FOREVER);
}

Promise.resolve(states[state]()).then(ready);
