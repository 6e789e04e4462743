"""The sieve of Eratosthenes for python-csp: a process for each prime, and the rest goes on."""

from multicore.csp import Channel, ChannelPoison, Par, process


@process
def numbers(out, limit):
    """readset =
    writeset = out
    """
    for number in range(2, limit):
        out.write(number)
    out.poison()


@process
def sieve(numbers_in, primes_out):
    """readset = numbers_in
    writeset = primes_out
    """
    try:
        prime = numbers_in.read()
    except ChannelPoison:
        primes_out.poison()
        return
    primes_out.write(prime)
    rest = Channel()
    multiples(numbers_in, rest, prime) // (sieve(rest, primes_out),)


@process
def multiples(numbers_in, rest, prime):
    """readset = numbers_in
    writeset = rest
    """
    while True:
        number = numbers_in.read()
        if number % prime:
            rest.write(number)


@process
def show(primes_in):
    """readset = primes_in
    writeset =
    """
    found = []
    try:
        while True:
            found.append(primes_in.read())
    except ChannelPoison:
        print("primes:", *found)


if __name__ == "__main__":
    candidates, primes = Channel(), Channel()
    Par(numbers(candidates, 40), sieve(candidates, primes), show(primes)).start()
