"""Numbers of every kind. No import at the top: the first use is what matters."""


def ints_of_every_base() -> object:
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    return [int(digits[:base][::-1] * 3, base) for base in range(2, 37)]


def large_ints() -> object:
    import sys

    before = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        large = 7**9000
        text = str(large)
        return (
            int(text) == large,
            hash(large),
            text[:40],
            hex(large)[-20:],
            large.bit_count(),
            pow(3, -1, 7**30),
        )
    finally:
        sys.set_int_max_str_digits(before)


def ints_as_bytes() -> object:
    return (
        (-(2**70)).to_bytes(10, "big", signed=True),
        int.from_bytes(b"\xff" * 20, "little"),
        (12345).as_integer_ratio(),
        divmod(-(10**30), 10**13 + 1),
        [n.bit_length() for n in (0, 1, -256, 1 << 100)],
    )


def floats() -> object:
    return (
        [
            repr(float(text))
            for text in ("1e-323", "1.7976931348623157e308", "0.1", "5e-324", "123456789.123456789")
        ],
        float("1" * 400 + "e-390"),
        f"{0.1:.55f}",
        (1e22).hex(),
        float.fromhex("0x1.921fb54442d18p+1"),
        round(2.675, 2),
        f"{1e300:.3g} {-1.5:+010.2f} {1e16:,}",
        (0.1).as_integer_ratio(),
        float.__getformat__("double"),
    )


def complexes() -> object:
    import cmath

    return (
        complex("1e3-2.5j"),
        cmath.exp(1j),
        cmath.polar(3 + 4j),
        cmath.sqrt(-1),
        cmath.isclose(1j, 1j),
    )


def maths() -> object:
    import math

    return (
        math.comb(100, 50),
        math.perm(20, 7),
        math.factorial(60),
        math.isqrt(10**41),
        math.gcd(2**40, 6**20),
        math.fsum([0.1] * 10),
        math.gamma(5.5),
        math.erf(0.3),
        math.dist((1, 2), (4, 6)),
        math.hypot(1, 2, 3),
        math.prod(range(1, 20)),
        math.nextafter(1.0, 2.0),
        math.ulp(1.0),
        math.log(10**400),
        math.sumprod([1, 2], [3, 4]),
    )


def decimals() -> object:
    import decimal

    with decimal.localcontext() as context:
        context.prec = 60
        context.traps[decimal.Inexact] = False
        root = decimal.Decimal(2).sqrt()
        third = decimal.Decimal(1) / 3
        huge = decimal.Decimal(3) ** 3000
    with decimal.localcontext(decimal.Context(prec=3, rounding=decimal.ROUND_UP)):
        rounded = +decimal.Decimal("1.23456")
    trapped = False
    try:
        decimal.Decimal(1) / 0
    except decimal.DivisionByZero:
        trapped = True
    return (
        root,
        third,
        huge,
        rounded,
        trapped,
        decimal.Decimal("1E+5").normalize(),
        f"{decimal.Decimal('1234.5'):,.2f}",
    )


def contexts_of_decimals() -> object:
    import decimal

    names = sorted(name for name in dir(decimal.Context()) if not name.startswith("_"))
    return (
        repr(decimal.Context()),
        repr(decimal.BasicContext),
        decimal.DefaultContext.prec,
        len(names) > 50,
    )


def fractions() -> object:
    import fractions

    return (
        fractions.Fraction("3.1415926").limit_denominator(1000),
        fractions.Fraction(0.1) + 1,
        hash(fractions.Fraction(1, 3)),
    )


def statistics() -> object:
    import statistics

    data = [1.5, 2.5, 2.5, 2.75, 3.25, 4.75]
    return (
        statistics.fmean(data),
        statistics.stdev(data),
        statistics.quantiles(data),
        statistics.mode(data),
        statistics.NormalDist(3, 2).inv_cdf(0.3),
        statistics.correlation(data, data[::-1]),
    )


def randoms() -> object:
    import random

    chance = random.Random(42)
    drawn = (
        chance.random(),
        chance.getrandbits(70),
        chance.sample(range(1000), 5),
        chance.gauss(),
        chance.choices("abc", k=5),
    )
    return drawn, len(random.SystemRandom().randbytes(9)), random.random() < 1


def hashes_of_numbers() -> object:
    import sys

    return (
        [hash(n) for n in (1.5, 2**61, -1, 1j, float("inf"))],
        sys.hash_info.modulus,
        sys.float_info.max,
        sys.int_info,
    )
