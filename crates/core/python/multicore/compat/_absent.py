"""What of `multiprocessing` has no counterpart here, and what to do instead.

What lives here: names and texts, for `__getattr__` of the modules of `multicore.compat`.
"""

from __future__ import annotations

_FORK = "no process is started here, and none forked: Process and Pool start interpreters"
_STARTING = f"it starts processes, and {_FORK}"
_SOCKETS = (
    "connections are channels here, without sockets or handles; to reach another process use "
    "multiprocessing.connection"
)
_PICKLING = (
    "what crosses is pickled by multicore, which knows what is shared; give a class a __reduce__, "
    "or copyreg.pickle() a function for it"
)
_SEMAPHORE = "locks are multicore.sync's: there is no semaphore of the system under them"

_TEXTS = {
    "": {
        "reducer": _PICKLING,
        "reduction": _PICKLING,
        "spawn": _STARTING,
        "forkserver": _STARTING,
        "popen_fork": _STARTING,
        "popen_forkserver": _STARTING,
        "popen_spawn_posix": _STARTING,
        "popen_spawn_win32": _STARTING,
        "heap": "shared memory is the core's: use Value, Array or multicore.channels.shared_buffer",
        "resource_sharer": _SOCKETS,
        "resource_tracker": "nothing outlives the process but blocks of shared_memory, which "
        "multiprocessing.resource_tracker tracks",
    },
    "connection": dict.fromkeys(
        (
            "SocketListener",
            "SocketClient",
            "PipeListener",
            "PipeClient",
            "XmlListener",
            "XmlClient",
            "ConnectionWrapper",
            "deliver_challenge",
            "answer_challenge",
            "address_type",
            "arbitrary_address",
            "default_family",
            "rebuild_connection",
            "reduce_connection",
        ),
        _SOCKETS,
    ),
    "context": {
        **dict.fromkeys(
            (
                "assert_spawning",
                "get_spawning_popen",
                "set_spawning_popen",
            ),
            f"{_FORK}. get_context() gives a context, whatever its start method is called",
        ),
        "reduction": _PICKLING,
    },
    "managers": {
        **dict.fromkeys(
            ("Token", "RebuildProxy", "AutoProxy", "IteratorProxy", "PoolProxy", "dispatch"),
            "a proxy is made by its manager's method: register() a type with it",
        ),
        **dict.fromkeys(
            ("AcquirerProxy", "BarrierProxy", "ConditionProxy", "EventProxy"),
            "locks, events, conditions and barriers cross by themselves: they need no proxy",
        ),
    },
    "pool": dict.fromkeys(
        ("RemoteTraceback", "ExceptionWithTraceback", "MaybeEncodingError"),
        "a call's own exception is raised, with a multicore.interpreters.ExecutionFailed as its "
        "cause, which has the traceback",
    ),
    "synchronize": dict.fromkeys(
        ("SemLock", "SEM_VALUE_MAX", "SEMAPHORE", "RECURSIVE_MUTEX", "sem_unlink"), _SEMAPHORE
    ),
}


def absent(module: str, name: str) -> AttributeError:
    """Make the error for a name that a module of `multicore.compat` does not have."""
    short = module.removeprefix("multicore.compat").lstrip(".")
    why = _TEXTS.get(short, {}).get(name)
    text = f"module {module!r} has no attribute {name!r}"
    return AttributeError(f"{text}: {why}" if why else text, name=name, obj=None)
