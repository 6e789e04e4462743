"""A small service: asyncio hands CPU-bound requests to interpreters and goes on serving."""

import asyncio
from multicore.futures import InterpreterPoolExecutor
from functools import partial


def collatz(start):
    steps = 0
    while start != 1:
        start = start * 3 + 1 if start % 2 else start // 2
        steps += 1
    return steps


def scaled(factor, *, base):
    return factor * base


async def ticker(ticks):
    while True:
        ticks.append(1)
        await asyncio.sleep(0.001)


async def main():
    loop = asyncio.get_running_loop()
    ticks = []
    clock = asyncio.create_task(ticker(ticks))
    with InterpreterPoolExecutor(2) as pool:
        results = await asyncio.gather(
            *(loop.run_in_executor(pool, collatz, n) for n in (27, 97, 871))
        )
        print(results)
        print(await loop.run_in_executor(pool, partial(scaled, 6, base=7)))
        loop.set_default_executor(pool)
        try:
            await loop.run_in_executor(pool, int, "x")
        except ValueError as error:
            print(error)
        try:
            async with asyncio.timeout(0.05):
                await asyncio.wrap_future(pool.submit(collatz, 63_728_127))
                print("fast enough")
        except TimeoutError:
            print("fast enough")
    clock.cancel()
    print(len(ticks) > 0)


asyncio.run(main())
