"""A worker that draws rows of the Mandelbrot set."""


def draw(width, height, iterations, rows, pixels):
    for row in rows:
        y = 2 * row / height - 1
        pixels.send(bytes(shade(3 * column / width - 2, y, iterations) for column in range(width)))


def shade(x, y, iterations):
    re = im = 0.0
    for step in range(iterations):
        re, im = re * re - im * im + x, 2 * re * im + y
        if re * re + im * im > 4:
            return 255 * step // iterations
    return 255
