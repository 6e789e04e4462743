"""Runs untrusted-ish scripts in interpreters of their own and reports what they raised."""

from multicore import interpreters

SCRIPTS = {
    "good": "result = limit * 2\nassert result == 14",
    "bad": "raise ValueError(f'limit is {limit}')",
    "worse": "import no_such_module_anywhere",
}


def main():
    for name, script in SCRIPTS.items():
        interp = interpreters.create()
        interp.prepare_main(limit=7)
        try:
            interp.exec(script)
        except interpreters.ExecutionFailed as failure:
            print(
                name,
                "failed:",
                failure.excinfo.type.__name__,
                "|",
                failure.excinfo.msg.split(" (")[0],
            )
        else:
            print(name, "is fine")
        print("   running", interp.is_running(), "whence known", isinstance(interp.whence, str))
        interp.close()
        try:
            interp.is_running()
        except interpreters.InterpreterNotFoundError:
            print("   gone")
    print(
        len({interp.id for interp in interpreters.list_all()}) >= 1,
        interpreters.get_current() in interpreters.list_all(),
    )


if __name__ == "__main__":
    main()
