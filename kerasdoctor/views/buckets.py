"""Lines of any length as at most a few hundred buckets, so that a plot of a long run costs what a plot of a short one does."""

from __future__ import annotations

import math
import struct

LARGEST = 3.4e38  # float32 holds no more; a runaway loss goes beyond it
FIELDS = 5  # of each line in a bucket: minimum, maximum, mean, weight of the mean, count of values that are not finite
MINIMUM, MAXIMUM, MEAN, WEIGHT, LOST = range(FIELDS)


class Buckets:
    """``lines`` curves over one axis, each bucket keeping the minimum and maximum of its points, so that no spike is lost.

    When ``limit`` buckets are full, neighbours merge and a bucket stands for twice as many points: adding a point costs the same
    all through a run. A row is ``[first, last]`` (places on the axis) and FIELDS numbers a line; with no finite value, minimum,
    maximum and mean are NaN. Two points a bucket are drawn, so a limit of 300 draws at most 600 points a line.
    """

    def __init__(self, lines, limit=300):
        self.lines = tuple(lines)
        self.limit = limit
        self.size = 1
        self.rows = []
        self._filled = 0
        self._changed = 0

    def add(self, place, values, weight=1.0, drawn=True):
        """One point: ``values`` in the order of ``lines``, None where nothing was measured.

        ``weight`` is its share in the mean. With ``drawn`` False it stays out of minimum and maximum (a last batch of one row).
        """
        row = self._open(place)
        row[1] = place
        at = 2
        for value in values:
            if value is not None:
                if -math.inf < value < math.inf:
                    _include(row, at, min(max(value, -LARGEST), LARGEST), weight, drawn)
                else:
                    row[at + LOST] += 1
            at += FIELDS

    def take(self):
        """What is new since the last call: the index of the first row that changed, and the rows from there on as bytes."""
        start, self._changed = self._changed, len(self.rows)
        return start, pack(self.rows[start:])

    def pack(self):
        return pack(self.rows)

    def _open(self, place):
        if self.rows and self._filled < self.size:
            self._filled += 1
        else:
            if len(self.rows) == self.limit:
                self.rows = [_merged(a, b) for a, b in zip(self.rows[::2], self.rows[1::2], strict=True)]
                self.size *= 2
                self._changed = 0
            self.rows.append([place, place] + [math.nan, math.nan, math.nan, 0.0, 0.0] * len(self.lines))
            self._filled = 1
        self._changed = min(self._changed, len(self.rows) - 1)
        return self.rows[-1]


def pack(rows):
    """Rows as little-endian float32."""
    flat = [number for row in rows for number in row]
    return struct.pack(f"<{len(flat)}f", *flat)


def unpack(data, lines):
    """The rows of ``pack`` for that many lines."""
    width = 2 + FIELDS * lines
    flat = struct.unpack(f"<{len(data) // 4}f", data)
    return [list(flat[i : i + width]) for i in range(0, len(flat), width)]


def _include(row, at, value, weight, drawn):
    before = row[at + WEIGHT]
    if weight > 0:
        row[at + MEAN] = value if before == 0 else row[at + MEAN] + (value - row[at + MEAN]) * (weight / (before + weight))
        row[at + WEIGHT] = before + weight
    if drawn:  # a comparison with NaN is false, so the first value gets in
        if not row[at + MINIMUM] <= value:
            row[at + MINIMUM] = value
        if not row[at + MAXIMUM] >= value:
            row[at + MAXIMUM] = value


def _merged(a, b):
    row = [a[0], b[1], *a[2:]]
    for at in range(2, len(row), FIELDS):
        row[at + LOST] += b[at + LOST]
        if b[at + WEIGHT]:
            _include(row, at, b[at + MEAN], b[at + WEIGHT], False)
        if not math.isnan(b[at + MINIMUM]):
            _include(row, at, b[at + MINIMUM], 0.0, True)
            _include(row, at, b[at + MAXIMUM], 0.0, True)
    return row
