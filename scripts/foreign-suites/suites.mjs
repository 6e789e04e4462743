// The suites that `run.mjs` runs. `redirect` says which imports of the tests are changed
// (`site/sitecustomize.py`); `except` leaves out tests of CPython's private modules by name.

/** @type {{ name: string, tests: string[], redirect: string, except?: RegExp, versions?: string[] }[]} */
export const suites = [
  ...['lifecycle', 'queues', 'api', 'channels', 'stress'].map((part) => ({
    name: `interpreters.${part}`,
    tests: [`test.test_interpreters.test_${part}`],
    redirect: 'interpreters',
    except: /LowLevelTests/,
  })),
  {
    name: 'futures.interpreter_pool',
    tests: ['test.test_concurrent_futures.test_interpreter_pool'],
    redirect: 'interpreters,futures',
    versions: ['3.14', '3.15'],
  },
  ...['thread_pool', 'wait', 'as_completed', 'shutdown', 'init'].map((part) => ({
    name: `futures.${part}`,
    tests: [`test.test_concurrent_futures.test_${part}`],
    redirect: 'interpreters,futures',
    // Of CPython’s own pools of processes.
    except: /ProcessPool|FailingInitializerResources/,
  })),
  ...['processes', 'manager', 'misc'].map((part) => ({
    name: `multiprocessing.${part}`,
    tests: [`test.test_multiprocessing_spawn.test_${part}`],
    redirect: 'multiprocessing',
    except:
      /SemLockTests|TestHeap|TestFinalize|TestSharedMemory|TestResourceTracker|TestCloseFds|TestNoForkBomb|TestForkAware/,
  })),
  { name: 'locks.sync', tests: ['foreign_locks_sync'], redirect: '' },
  { name: 'locks.compat', tests: ['foreign_locks_compat'], redirect: '' },
];
