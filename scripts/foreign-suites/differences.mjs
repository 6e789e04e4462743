// Tests of CPython's that fail here and are to: each with its reason. docs/design/python-api.md has the table.

const CLOSURES =
  'a function that captures variables is refused: its copy would change nothing for who sent it';
const SIGNALS = 'signals belong to Node: the test sets a handler or sends one';
const FORK = 'the process is Node’s and cannot be forked';
const FD = 'a connection is a channel: it has no file descriptor';
const PRIVATE = 'reads private attributes of CPython’s implementation';
const ONE_PROCESS = 'all is one process: no pid, descriptors or sentinel of its own';
const AS_MULTIPROCESSING =
  'multiprocessing’s own primitive fails the same test: its signature, text or exception differs from threading’s';

/** @type {{ tests: RegExp, reason: string, versions?: string[], isolation?: string }[]} */
export const differences = [
  // In another interpreter than the main one
  {
    tests:
      /CreateTests\.test_in_subinterpreter|Get(Main|Current)Tests\.test_(main|current)$|ListAllTests|TestInterpreterClose\.test_(basic|from_current|from_sibling|main)$|TestInterpreterIsRunning\.test_main/,
    isolation: 'own-gil',
    reason: 'takes the interpreter that runs the test for the main one, and for the only one',
  },
  {
    tests: /TestInterpreterCall\.test_stateless_funcs/,
    isolation: 'own-gil',
    reason: 'needs _testinternalcapi, which an interpreter with a GIL of its own cannot import',
  },
  // concurrent.interpreters
  {
    tests: /created_with_capi|InterpreterObjectTests\.test_whence/,
    reason: 'interpreters that the C API made behind our back are not ours to run',
  },
  {
    tests: /TestInterpreterIsRunning\.test_from_subinterpreter|no_memory/,
    reason: 'asks CPython’s private _interpreters',
  },
  {
    tests: /TestIsShareable\.test_not_shareable|test_stateless_func_returns_arg/,
    reason:
      'more is shareable: `...`, NotImplemented, mapping proxies, instances of registered classes',
  },
  {
    tests: /test_func_in___main___invalid/,
    reason: 'functions of __main__ go by value, those that were added later, too',
  },
  {
    tests: /TestInterpreterCall\.(test_call|test_call_in_thread)$/,
    versions: ['3.13'],
    reason: '3.13’s private `call` took and gave nothing; ours is 3.14’s',
  },
  {
    tests: /test_channels\..*test_id_type/,
    reason: 'expects the private _interpchannels.ChannelID',
  },
  {
    tests: /test_send_buffer/,
    reason:
      'a buffer arrives read-only: messages are immutable; shared_buffer() is for both to write',
  },
  {
    tests: /test_send_cleared_with_subinterpreter/,
    reason: 'counts with the private _interpchannels; messages outlive their sender here',
  },
  // concurrent.futures
  { tests: /test_executor_map_current_future_cancel|map_submits_without/, reason: CLOSURES },
  { tests: /test_hang_global_shutdown_lock|test_process_fork_from/, reason: FORK },
  { tests: /test_hang_gh94440|TestIgnoreEINTR|TestPollEintr/, reason: SIGNALS },
  { tests: /test_saturation|test_threads_terminate/, reason: PRIVATE },
  // multiprocessing: processes, connections
  { tests: /TestProcess\.test_(kill|terminate|interrupt)|test_wait_result/, reason: SIGNALS },
  {
    tests: /TestProcess\.test_current$|test_sentinel|test_child_fd_inflation|test_wait_integer/,
    reason: ONE_PROCESS,
  },
  { tests: /test_connection$|fd_transfer|TestInvalidHandle/, reason: FD },
  {
    tests: /TestPicklingConnections|ChallengeResponse|auth_failure/,
    reason: 'there are no sockets between interpreters; descriptors are handed over as numbers',
  },
  // multiprocessing: pools, queues
  {
    tests: /test_make_pool|test_pool_worker_lifetime$|TestPoolNotLeak|SimpleQueue\.test_closed/,
    reason: PRIVATE,
  },
  {
    tests: /test_map_unplicklable|test_queue_feeder|test_unpickleable_result/,
    reason:
      'what cannot cross is a NotShareableError where it is put, called or returned, with its path',
  },
  {
    tests: /TestPool\.test_traceback/,
    reason: 'the cause of a call’s exception is an ExecutionFailed, which has the traceback',
  },
  // multiprocessing: managers, contexts
  {
    tests: /TestEvent\.test_repr|TestSyncManagerTypes\.test_(lock|rlock|pool)/,
    reason:
      'a manager’s locks and events are compat’s own: no proxy, and who holds one releases it',
  },
  {
    tests: /test_dict_iter|test_mymanager|test_rapid_restart|TestManagerExceptions/,
    reason: 'iterates a copy of the keys; private parts of managers’ servers and processes',
  },
  {
    tests: /test_mixed_startmethod|test_get_all_start_methods/,
    reason: 'start methods are names: all start interpreters, whose locks and queues go together',
  },
  {
    tests: /TestImportStar|MiscTestCase\.test__all__/,
    reason: 'looks at the files of the package',
  },
  {
    tests: /TestRemoteManager\.test_remote/,
    reason: 'a tuple arrives as a tuple; XML-RPC made lists of them',
  },
  // threading's tests of locks
  {
    tests: /foreign_locks_sync\.BarrierTests/,
    reason:
      'made with a default timeout, which would not cross; compat.Barrier is made of it and passes',
  },
  {
    tests: /foreign_locks_\w+\.ConditionTests\.test_acquire$/,
    reason: 'a threading.Lock does not cross',
  },
  { tests: /test_at_fork_reinit/, reason: FORK },
  {
    tests: /foreign_locks_sync\.\w+\.test_repr/,
    reason: 'says multicore.sync, where the test wants a name without a dot',
  },
  {
    tests:
      /foreign_locks_compat\.(R?LockTests\.test_(state_after_timeout|locked_repr|repr|repr_count|timeout|_?_is_owned|recursion_count|release_save_unacquired|different_thread|release_unacquired)|EventTests\.test_repr|\w*SemaphoreTests\.test_(acquire_timeout|multirelease|repr)|BarrierTests\.test_repr)$/,
    reason: AS_MULTIPROCESSING,
  },
];
