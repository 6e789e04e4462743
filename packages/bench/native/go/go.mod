module multicore-python/bench

go 1.21
