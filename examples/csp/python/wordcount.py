"""Mappers and reducers of words."""

import re
from collections import Counter


def map_words(pieces, sinks):
    for piece in pieces:
        counts = Counter(re.findall("[a-z]+", piece.lower()))
        for index, sink in enumerate(sinks):
            own = tuple(item for item in counts.items() if share(item[0], len(sinks)) == index)
            sink.send(own)


def share(word, reducers):
    return sum(map(ord, word)) % reducers


def reduce_counts(source):
    sums = Counter()
    for counts in source:
        sums.update(dict(counts))
    return list(sums.items())
