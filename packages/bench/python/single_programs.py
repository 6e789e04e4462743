"""The single-threaded programs in Python's own executable."""

import functools

import bench_host
import bench_programs

bench_host.serve(
    {name: functools.partial(bench_programs.run, name) for name in bench_programs.PROGRAMS}
)
