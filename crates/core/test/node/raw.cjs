// Loads the addon in a program or Worker that has no TypeScript. No tests here.

const { constants } = require('node:os');

const NODELETE = { linux: 0x1000, darwin: 0x80 }[process.platform] ?? 0;

/** The addon; with hooks unless `bare`. */
exports.load = ({ libpython, addon, executable }, bare = false) => {
  try {
    const flags = constants.dlopen.RTLD_NOW | constants.dlopen.RTLD_GLOBAL | NODELETE;
    process.dlopen({ exports: {} }, libpython, flags);
  } catch (error) {
    if (!error.message.startsWith('Module did not self-register')) throw error;
  }
  const module = { exports: {} };
  process.dlopen(module, addon);
  const binding = module.exports;
  if (bare) return binding;
  binding.setHooks({
    makeError: (failure) => Object.assign(new Error(JSON.stringify(failure)), { failure }),
    describe: (value) =>
      value instanceof exports.End ? { as: 'shared', handle: value.handle } : undefined,
    wrapShared: (kind, handle, info) => ({ kind, handle, info }),
    wrapRecord: (record) => record,
    makeComplex: (re, im) => ({ re, im }),
    makeReadonlyMap: (entries) => new Map(entries),
    makeReadonlySet: (items) => new Set(items),
    jobsEnded() {},
    hostCalled: (_agent, called, args) => called(...args),
    soon(callback) {
      setImmediate(callback);
      return true;
    },
    after(callback, ms) {
      setTimeout(callback, ms);
      return true;
    },
  });
  binding.startSync({ executable, path: [], env: {} });
  return binding;
};

/** Stands for a channel end in arguments. */
exports.End = class {
  constructor(handle) {
    this.handle = handle;
  }
};
