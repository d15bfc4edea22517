// Numbers for the chart: rows of buckets.py, smoothing, scales. live_plot.py joins the live_*.js files into one module, in this order:
// live_table.js, live_chart.js, live_plot.js.

const FIELDS = 5, MINIMUM = 0, MAXIMUM = 1, MEAN = 2, WEIGHT = 3, LOST = 4;   // as in buckets.py

/** Rows of buckets.py: [first, last] and FIELDS numbers a line. */
class Table {
  /** @param {string[]} lines */
  constructor(lines) {
    this.lines = lines;
    this.width = 2 + FIELDS * lines.length;
    this.values = new Float32Array(0);
    this.length = 0;
  }

  /** Put rows from index `start` on in the place of what was there. @param {DataView} data @returns {boolean} whether they fit */
  put(start, data) {
    const count = data.byteLength / 4 / this.width;
    if (start > this.length || !Number.isInteger(count)) return false;
    const values = new Float32Array((start + count) * this.width);
    values.set(this.values.subarray(0, start * this.width));
    for (let i = 0; i < count * this.width; i++) values[start * this.width + i] = data.getFloat32(i * 4, true);
    this.values = values;
    this.length = start + count;
    return true;
  }

  first(row) { return this.values[row * this.width]; }
  last(row) { return this.values[row * this.width + 1]; }
  get(row, line, field) { return this.values[row * this.width + 2 + line * FIELDS + field]; }
  line(name) { return this.lines.indexOf(name); }

  /** The row that holds a batch. */
  find(batch) {
    let low = 0, high = this.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.last(middle) < batch) low = middle + 1; else high = middle;
    }
    return low;
  }

  /** [smallest, largest] of a field over all rows; null without values. */
  range(line, low = MINIMUM, high = MAXIMUM) {
    let smallest = Infinity, largest = -Infinity;
    for (let row = 0; row < this.length; row++) {
      const a = this.get(row, line, low), b = this.get(row, line, high);
      if (a < smallest) smallest = a;
      if (b > largest) largest = b;
    }
    return smallest <= largest ? [smallest, largest] : null;
  }
}

/** Running mean over the bucket means. A bucket counts by its batches, a short batch by its rows; NaN ends the line, it is never bridged. */
function smooth(table, line, weight) {
  let mean = NaN;
  const smoothed = new Float64Array(table.length);
  for (let row = 0; row < table.length; row++) {
    const value = table.get(row, line, MEAN);
    if (!Number.isNaN(value)) {
      const share = 1 - weight ** table.get(row, line, WEIGHT);
      mean = Number.isNaN(mean) ? value : mean + (value - mean) * share;
    }
    smoothed[row] = Number.isNaN(value) ? NaN : mean;
    if (table.get(row, line, LOST) > 0) mean = NaN;
  }
  return smoothed;
}

/** A number as watch_outline.number writes it, shorter for an axis. */
function written(value, axis = false) {
  if (Number.isNaN(value)) return "NaN";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (axis) return size >= 1e5 || size < 1e-4 ? value.toExponential(0).replace("e+", "e") : String(Number(value.toPrecision(6)));
  return size >= 1e6 || size < 1e-3 ? value.toExponential(1).replace("e+", "e") : value.toFixed(3);
}

/** Epoch 0 is what the run began with. */
function epochName(epoch) { return epoch ? `epoch ${epoch}` : "the start"; }

/** Round steps that divide a range into about `count` parts. */
function ticks(low, high, count) {
  const rough = (high - low) / count || 1, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough * 0.999);
  const found = [];
  for (let v = Math.ceil(low / step - 1e-9) * step; v <= high + step * 1e-9; v += step) found.push(Math.abs(v) < step * 1e-9 ? 0 : v);
  return found;
}

/** From a value to a height in a plot. */
class Scale {
  constructor(low, high, { log = false, count = 4 } = {}) {
    Object.assign(this, { low, high, log, count });
    this.from = log ? Math.log10(low) : low;
    this.to = log ? Math.log10(high) : high;
  }
  place(plot) { this.top = plot.top; this.tall = plot.tall; return this; }
  y(value) {
    const at = this.log ? Math.log10(Math.max(value, this.low)) : value;
    return this.top + this.tall * (1 - Math.min(1, Math.max(0, (at - this.from) / (this.to - this.from || 1))));
  }
  ticks() {
    if (!this.log) return ticks(this.low, this.high, this.count);
    const decades = this.to - this.from, found = [];
    for (let p = Math.ceil(this.from - 1e-9); p <= this.to + 1e-9; p++) found.push(10 ** p);
    if (decades <= 2) for (let p = Math.floor(this.from); p < this.to; p++) for (const m of [2, 5]) found.push(m * 10 ** p);
    const every = Math.ceil(decades / 6);
    return found.filter((v, i) => v >= this.low * 0.999 && v <= this.high * 1.001 && (decades <= 2 || i % every === 0));
  }
}
