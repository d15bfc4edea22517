// The chart of a run on one canvas: loss, one metric, gradient norm and learning rate over one batch axis.
// Comes after live_table.js.

const HEIGHT = 470, LANE = 72, ROW = 18, BOTTOM = 26, GAP = 24;
const SHOWN_BANDS = 3;

class LiveChart {
  /** @param {HTMLCanvasElement} canvas @param {(parts: [string, string][]) => void} read writes the line above the chart */
  constructor(canvas, read) {
    Object.assign(this, { canvas, read, log: true, weight: 0.8, cursor: null, metric: null, run: null, due: 0 });
    this.probe = canvas.parentElement.appendChild(document.createElement("i"));
    this.probe.hidden = true;
    canvas.addEventListener("pointermove", (event) => this.point(this.batchAt(event.offsetX)));
    canvas.addEventListener("pointerleave", () => this.point(null));
    canvas.addEventListener("blur", () => this.point(null));
    canvas.addEventListener("keydown", (event) => this.step(event));
    this.resized = new ResizeObserver(() => this.redraw());
    this.resized.observe(canvas.parentElement);
    // A theme's sheet may come after its name: look again once it is in force.
    this.themed = new MutationObserver(() => { this.redraw(); setTimeout(() => this.redraw(), 400); });
    this.themed.observe(document.body, { attributes: true });
    this.themed.observe(document.documentElement, { attributes: true });
  }

  close() { this.resized.disconnect(); this.themed.disconnect(); cancelAnimationFrame(this.due); }

  show(run) { this.run = run; this.readOut(); this.redraw(); }

  redraw() { cancelAnimationFrame(this.due); this.due = requestAnimationFrame(() => this.draw()); }

  step(event) {
    const epoch = this.run?.state.steps ?? 1, now = this.run?.state.batch ?? 0;
    const size = this.run?.points.length ? this.run.state.sizes.points : 1;
    const move = { ArrowLeft: -size, ArrowRight: size, PageUp: -epoch, PageDown: epoch, Home: -Infinity, End: Infinity }[event.key];
    if (!move || !now) return;
    event.preventDefault();
    this.point(Math.min(now, Math.max(1, (this.cursor ?? now) + move)));
  }

  point(batch) { this.cursor = batch; this.readOut(); this.redraw(); }

  colour(name) { this.probe.style.color = `var(--kd-${name})`; return getComputedStyle(this.probe).color; }

  x(batch) { return this.left + (batch / this.total) * (this.right - this.left); }

  batchAt(px) {
    const batch = Math.round(((px - this.left) / (this.right - this.left)) * this.total);
    return this.run && batch >= 1 && batch <= this.run.state.batch ? batch : null;
  }

  epochAt(batch) {
    const { state, epochs } = this.run;
    if (state.steps) return state.firstEpoch + Math.ceil(batch / state.steps);
    return state.firstEpoch + (epochs.length && batch <= epochs.last(epochs.length - 1) ? epochs.find(batch) : epochs.length) + 1;
  }

  metricName() { return this.metric ?? this.run.state.lines[1]; }

  /** The values under the cursor, or the newest. */
  readOut() {
    if (!this.run) return;
    const { state, points, probes } = this.run;
    const shown = ["loss", this.metricName()].filter(Boolean);
    if (this.cursor === null || !points.length) {
      const parts = [["epoch", String(state.epoch || "–")], ["batch", String(state.batch)]];
      for (const name of shown) parts.push([name, state.readings[name] ?? "–"]);
      return this.read(parts.concat(this.strips(probes.length - 1, state.readings.learning_rate ?? null)));
    }
    const row = points.find(this.cursor), single = points.first(row) === points.last(row);
    const value = (line) => {
      const low = points.get(row, line, MINIMUM), high = points.get(row, line, MAXIMUM), mean = points.get(row, line, MEAN);
      if (points.get(row, line, LOST) > 0) return this.lostWord(this.cursor);
      if (Number.isNaN(low)) return Number.isNaN(mean) ? "–" : written(mean);
      return low === high ? written(low) : `${written(low)} to ${written(high)}`;
    };
    const parts = [["epoch", String(this.epochAt(this.cursor))], ["batch", single ? String(points.last(row)) : `${points.first(row)}–${points.last(row)}`]];
    for (const name of shown) parts.push([name, value(points.line(name))]);
    const rate = points.line("learning_rate");
    this.read(parts.concat(this.strips(probes.length ? probes.find(this.cursor) : -1, Number.isNaN(points.get(row, rate, MEAN)) ? null : value(rate))));
  }

  strips(probe, rate) {
    const parts = [];
    if (probe >= 0) {
      const { probes } = this.run;
      parts.push(["gradient", probes.get(probe, 0, LOST) > 0 ? "NaN" : written(probes.get(probe, 0, MEAN))]);
    }
    if (rate !== null) parts.push(["rate", rate]);
    return parts;
  }

  lostWord(batch) { return this.run.state.lost.find(([from, to]) => batch >= from && batch <= to)?.[2] ?? "NaN"; }

  // Drawing. Everything below works in CSS pixels.

  draw() {
    const width = this.canvas.clientWidth;
    if (!this.run || width < 50) return;
    const { state, points, probes } = this.run;
    const ratio = devicePixelRatio || 1, g = this.g = this.canvas.getContext("2d");
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(HEIGHT * ratio);
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    g.clearRect(0, 0, width, HEIGHT);
    this.narrow = width < 560;
    this.left = 46; this.right = width - 8;
    this.total = Math.max(state.total ?? this.grown(state.batch), state.batch, 1);
    this.c = Object.fromEntries("bg ink text quiet line edge error warning info ok run".split(" ").map((name) => [name, this.colour(name)]));
    this.font = getComputedStyle(this.canvas).fontFamily;
    this.plots = this.layout(points, probes);
    this.bottom = HEIGHT - BOTTOM;
    this.bandsBehind();
    for (const plot of this.plots) this.frame(plot);
    this.epochAxis();
    for (const plot of this.plots) { plot.draw(plot); this.chance(plot); }
    this.lostLabels();
    this.lane();
    if (state.status === "running" && state.batch) {
      this.rule(this.x(state.batch), LANE, this.x(state.batch), this.bottom, this.c.ink);
      const room = this.right - this.x(state.batch) > 34;
      this.text("now", this.x(state.batch) + (room ? 4 : -4), LANE + 8, { fill: this.c.text, weight: 600, halo: true, align: room ? "left" : "right" });
    }
    if (this.cursor !== null) this.cursorLine();
  }

  /** An axis for a run of unknown length: it grows in steps, not with every batch. */
  grown(batch) { const power = 2 ** Math.ceil(Math.log2(Math.max(batch, 50) * 1.05)); return batch * 1.05 < power * 0.75 ? power * 0.75 : power; }

  /** The plots that there are values for share the fixed height, so that the chart never changes its size. */
  layout(points, probes) {
    const metric = this.metricName(), rate = points.line("learning_rate");
    const plots = [{ name: "loss", share: 176, scale: this.lossScale(), draw: (plot) => this.curve(plot, "loss") }];
    if (metric) plots.push({ name: metric, share: 104, scale: this.metricScale(metric), draw: (plot) => this.curve(plot, metric) });
    if (probes.length) plots.push({ name: "gradient norm", share: 46, scale: this.gradientScale(), draw: (plot) => this.gradient(plot) });
    if (rate >= 0 && points.range(rate)) plots.push({ name: "learning rate", share: 20, scale: this.rateScale(rate), draw: (plot) => this.rate(plot, rate) });
    const shares = plots.reduce((sum, plot) => sum + plot.share, 0), free = HEIGHT - LANE - BOTTOM - GAP * (plots.length - 1);
    let top = LANE;
    for (const plot of plots) {
      Object.assign(plot, { top, tall: (plot.share / shares) * free });
      plot.scale.place(plot);
      top += plot.tall + GAP;
    }
    return plots;
  }

  lossScale() {
    const { points, epochs } = this.run, line = points.line("loss"), all = points.range(line), val = epochs.range(epochs.line("loss"));
    this.canLog = !all || all[0] >= 0;
    if (!all) return new Scale(0, 1);
    const high = Math.max(all[1], val?.[1] ?? -Infinity), low = Math.min(all[0], val?.[0] ?? Infinity);
    if (!this.log || !this.canLog) {
      const floor = Math.min(0, low);
      return new Scale(floor, ticks(floor, high, 4).at(-1) >= high ? high : high + (high - floor) * 0.04);
    }
    // Single batches may reach 1e-7 and would press the run flat: the floor is a tenth of the smoothed line's lowest point.
    const lowest = smooth(points, line, 0.8).reduce((a, b) => (b < a ? b : a), Math.min(high, val?.[0] ?? Infinity));
    const to = Math.ceil(Math.log10(high || 1) * 2 - 1e-9) / 2;
    const from = Math.floor(Math.log10(Math.max(low, lowest / 10, 1e-30)) * 2) / 2;
    return new Scale(10 ** Math.max(Math.min(from, to - 1), to - 9), 10 ** to, { log: true });
  }

  metricScale(name) {
    const { state, points, epochs } = this.run;
    const found = [points.range(points.line(name)), epochs.range(epochs.line(name))].filter(Boolean);
    if (!found.length) return new Scale(0, 1.04, { count: 3 });
    const low = Math.min(...found.map((r) => r[0])), high = Math.max(...found.map((r) => r[1]));
    if (name === state.accuracy || (low >= 0 && high <= 1 && high > 0.3)) return new Scale(0, 1.04, { count: 3 });
    return new Scale(Math.min(0, low), high > 0 ? high * 1.04 : high + 1e-9, { count: 3 });
  }

  gradientScale() {
    const { probes } = this.run;
    let low = Infinity, high = -Infinity;
    for (let row = 0; row < probes.length; row++) {
      const a = probes.get(row, 0, MINIMUM), b = probes.get(row, 0, MAXIMUM);
      if (a > 0 && a < low) low = a;
      if (b > high) high = b;
    }
    if (!(high > 0)) return new Scale(0.1, 10, { log: true });
    const to = Math.ceil(Math.log10(high) - 1e-9);
    return new Scale(10 ** Math.min(to - 1, Math.max(to - 6, Math.floor(Math.log10(Math.min(low, high)) + 1e-9))), 10 ** to, { log: true });
  }

  rateScale(line) {
    const [low, high] = this.run.points.range(line), spread = high - low;
    return spread < high * 1e-3 ? new Scale(low - 1, low + 1) : new Scale(Math.max(0, low - spread * 0.1), high + spread * 0.1);
  }

  text(words, x, y, { fill = this.c.quiet, align = "left", weight = 400, size = 11, halo = false } = {}) {
    const g = this.g;
    g.font = `${weight} ${size}px ${this.font}`; g.textAlign = align; g.textBaseline = "middle";
    if (halo) { g.strokeStyle = this.c.bg; g.lineWidth = 4; g.lineJoin = "round"; g.strokeText(words, x, y); }
    g.fillStyle = fill;
    g.fillText(words, x, y);
  }

  wide(words, weight = 600) { this.g.font = `${weight} 11px ${this.font}`; return this.g.measureText(words).width; }

  rule(x0, y0, x1, y1, stroke, dash = [], lineWidth = 1) {
    const g = this.g;
    g.beginPath(); g.setLineDash(dash); g.strokeStyle = stroke; g.lineWidth = lineWidth;
    g.moveTo(x0, y0); g.lineTo(x1, y1); g.stroke(); g.setLineDash([]);
  }

  tone(kind) { return { lost: this.c.warning, info: this.c.info }[kind] ?? this.c.error; }

  /** Incidents behind everything: tint and stem; where the loss is not a number, hatching. */
  bandsBehind() {
    const g = this.g, { state } = this.run;
    for (const plot of this.plots) {
      for (const band of state.bands) {
        const x0 = this.x(band.start - 1), x1 = Math.max(this.x(band.end), x0 + 2);
        g.globalAlpha = { lost: 0.2, collapsed: 0.12, nan: 0.07, info: 0.08 }[band.kind] * (band.recovered ? 0.5 : 1);
        g.fillStyle = this.tone(band.kind);
        g.fillRect(x0, plot.top, x1 - x0, plot.tall);
      }
      g.globalAlpha = 1;
      for (const [from, to] of state.lost) this.hatch(this.x(from - 1), Math.max(this.x(to), this.x(from - 1) + 3), plot);
    }
    for (const band of state.bands) this.rule(this.x(band.start - 1), LANE - 4, this.x(band.start - 1), this.bottom, this.tone(band.kind), band.recovered ? [4, 3] : [], 1.25);
  }

  hatch(x0, x1, { top, tall }) {
    const g = this.g;
    g.save(); g.beginPath(); g.rect(x0, top, x1 - x0, tall); g.clip();
    g.globalAlpha = 0.42; g.strokeStyle = this.c.error; g.lineWidth = 1; g.beginPath();
    for (let s = Math.floor((x0 - tall) / 7) * 7; s < x1; s += 7) { g.moveTo(s, top + tall); g.lineTo(s + tall, top); }
    g.stroke(); g.restore();
  }

  frame(plot) {
    const { top, tall, scale, name } = plot;
    let floor = Infinity;
    if (tall > 60) {
      for (const v of scale.ticks()) {
        const y = scale.y(v);
        if (floor - y < 13) continue;
        floor = y;
        this.rule(this.left, y, this.right, y, this.c.line);
        this.text(written(v, true), this.left - 6, y, { align: "right" });
      }
    }
    this.rule(this.left, top + tall, this.right, top + tall, this.c.edge);
    const kind = name !== "loss" ? "" : scale.log ? ", log scale" : ", linear scale";
    this.text(name + (this.narrow ? kind.replace(" scale", "") : kind), this.left, top - 9, { fill: this.c.text, weight: 600, halo: true });
  }

  chance({ name, scale }) {
    const { chance, accuracy } = this.run.state;
    if (chance === null || name !== accuracy) return;
    const y = scale.y(chance);
    this.rule(this.left, y, this.right, y, this.c.edge, [2, 3]);
    this.text(this.narrow ? "chance" : `chance ${chance.toFixed(2)}`, this.right, y + 9, { align: "right", halo: true });
  }

  /** Epoch numbers stand in the middle of their span, ticks at its ends; as many as there is room for. */
  epochAxis() {
    const { steps, epochs, firstEpoch } = this.run.state, y = this.bottom + 14;
    if (!steps) {
      this.text("batch", this.left - 6, y, { align: "right" });
      for (const v of ticks(0, this.total, this.narrow ? 3 : 8).slice(1)) if (v <= this.total) this.text(String(v), this.x(v), y, { align: v > this.total * 0.95 ? "right" : "center" });
      return;
    }
    this.text("epoch", this.left - 6, y, { align: "right" });
    const count = Math.ceil(this.total / steps - 1e-9), span = (this.right - this.left) / (this.total / steps);
    const need = this.wide(String(epochs), 400) + 10;
    const every = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].find((n) => n * span >= need) ?? count;
    const tick = span > 3 ? 1 : every;
    for (let i = 0; i <= count; i += tick) {
      const x = this.x(Math.min(i * steps, this.total));
      for (const { top, tall } of this.plots) this.rule(x, top + tall, x, top + tall + ((firstEpoch + i) % 5 ? 3 : 5), this.c.edge);
    }
    for (let i = 1; i <= count; i++) {
      const epoch = firstEpoch + i;
      if (every === 1 || epoch % every === 0 || (i === 1 && every > 2)) this.text(String(epoch), this.x((i - 0.5) * steps), y, { align: "center" });
    }
  }

  /** Raw values at 30 %, the smoothed line, validation as diamonds at the ends of their epochs. */
  curve(plot, name) {
    const { points, epochs } = this.run, line = points.line(name);
    if (line < 0) return;
    const middle = (row) => (points.first(row) + points.last(row)) / 2;
    this.path(plot, points, (row) => {
      const low = points.get(row, line, MINIMUM), high = points.get(row, line, MAXIMUM);
      if (Number.isNaN(low)) return [];
      const at = this.x(middle(row));
      return low === high ? [[at, low]] : [[at, low], [at, high]];
    }, line, { lineWidth: 1, alpha: 0.3 });
    const smoothed = smooth(points, line, this.weight);
    this.path(plot, points, (row) => (Number.isNaN(smoothed[row]) ? [] : [[this.x(middle(row)), smoothed[row]]]), line, { lineWidth: 1.8 });
    const validation = epochs.line(name);
    const crowded = this.run.state.sizes.epochs > 1 || (epochs.length > 1 && this.x(epochs.last(1)) - this.x(epochs.last(0)) < 7);
    if (crowded) this.path(plot, epochs, (row) => [[this.x(epochs.last(row)), epochs.get(row, validation, MEAN)]].filter(([, v]) => !Number.isNaN(v)), validation, { lineWidth: 1.2, dash: [2, 3], stroke: this.c.text });
    else for (let row = 0; row < epochs.length; row++) this.diamond(this.x(epochs.last(row)), plot.scale.y(epochs.get(row, validation, MEAN)));
  }

  /** One line through the points that `at(row)` gives; it ends where a value was lost. */
  path({ scale }, table, at, line, { lineWidth, alpha = 1, dash = [], stroke = this.c.run }) {
    const g = this.g;
    g.save(); g.globalAlpha = alpha; g.strokeStyle = stroke; g.lineWidth = lineWidth; g.lineJoin = "round"; g.setLineDash(dash);
    g.beginPath();
    let open = false;
    for (let row = 0; row < table.length; row++) {
      for (const [x, value] of at(row)) { g[open ? "lineTo" : "moveTo"](x, scale.y(value)); open = true; }
      if (table.get(row, line, LOST) > 0) open = false;
    }
    g.stroke(); g.restore();
  }

  diamond(x, y) {
    if (Number.isNaN(y)) return;
    const g = this.g;
    g.beginPath(); g.moveTo(x, y - 4); g.lineTo(x + 4, y); g.lineTo(x, y + 4); g.lineTo(x - 4, y); g.closePath();
    g.fillStyle = this.c.bg; g.fill(); g.strokeStyle = this.c.run; g.lineWidth = 1.4; g.stroke();
  }

  /** On a log scale; exactly 0 is a red tick on the floor. */
  gradient(plot) {
    const { probes } = this.run, floor = plot.top + plot.tall;
    this.path(plot, probes, (row) => {
      const low = probes.get(row, 0, MINIMUM), high = probes.get(row, 0, MAXIMUM), x = this.x(probes.last(row));
      return Number.isNaN(low) ? [] : low === high ? [[x, low]] : [[x, low], [x, high]];
    }, 0, { lineWidth: 1.3 });
    this.g.fillStyle = this.c.error;
    for (let row = 0; row < probes.length; row++) if (probes.get(row, 0, MINIMUM) === 0) this.g.fillRect(this.x(probes.last(row)) - 1.5, floor - 5, 3, 5);
    this.text(written(plot.scale.high, true), this.left - 6, plot.top + 4, { align: "right" });
    this.text(written(plot.scale.low, true), this.left - 6, floor - 3, { align: "right" });
  }

  rate(plot, line) {
    const { points } = this.run;
    let before = null;
    this.path(plot, points, (row) => {
      const value = points.get(row, line, MEAN), x = this.x(points.first(row) - 1);
      if (Number.isNaN(value)) return [];
      const steps = before === null ? [[x, value]] : [[x, before], [x, value]];
      before = value;
      return row === points.length - 1 ? [...steps, [this.x(points.last(row)), value]] : steps;
    }, line, { lineWidth: 1.8 });
    if (before !== null) this.text(written(Number(before.toPrecision(3)), true), this.left - 6, plot.scale.y(before), { align: "right" });
  }

  lostLabels() {
    const plot = this.plots[0];
    for (const [from, to, word] of this.run.state.lost) {
      const room = this.x(to) - this.x(from - 1), words = [`loss is ${word}`, word].find((w) => this.wide(w) + 6 < room);
      if (words) this.text(words, (this.x(from - 1) + this.x(to)) / 2, plot.top + plot.tall * 0.62, { fill: this.c.error, weight: 600, align: "center", halo: true });
    }
  }

  /** Labels above the plots: incidents one row each so that none can meet, then the epochs whose weights are kept. */
  lane() {
    const { bands } = this.run.state, taken = [], g = this.g;
    bands.slice(0, bands.length > SHOWN_BANDS + 1 ? SHOWN_BANDS : SHOWN_BANDS + 1).forEach((band, i) => {
      const x = this.x(band.start - 1), y = 9 + i * ROW, tone = this.tone(band.kind);
      const words = `${band.label}, epoch ${band.epoch}${band.recovered ? ", recovered" : ""}`, long = this.wide(words);
      const left = x + 22 + long > this.right;
      this.rule(x, y, x, LANE - 4, tone, [], 1.25);
      g.fillStyle = tone; g.fillRect(left ? x - 16 : x, y - 8, 16, 16);
      this.text(String(band.number), x + (left ? -8 : 8), y + 0.5, { fill: this.c.bg, weight: 700, align: "center" });
      if (!this.narrow) this.text(words, x + (left ? -22 : 22), y + 0.5, { fill: tone, weight: 600, halo: true, align: left ? "right" : "left" });
      taken.push([left ? x - 24 - long : x - 2, left ? x : x + 24 + long, y]);
    });
    if (bands.length > SHOWN_BANDS + 1) this.text(`and ${bands.length - SHOWN_BANDS} more`, this.x(bands[SHOWN_BANDS].start) + 4, 9 + SHOWN_BANDS * ROW, { fill: this.c.text, halo: true });
    this.marks(taken);
  }

  marks(taken) {
    const g = this.g, { marks, bands } = this.run.state, same = marks.length === 2 && marks[0][2] === marks[1][2];
    for (const band of bands) taken.push([this.x(band.start - 1) - 3, this.x(band.start - 1) + 3, LANE - 8], [this.x(band.start - 1) - 3, this.x(band.start - 1) + 3, LANE - 24]);
    for (const [, , batch] of marks) taken.push([this.x(batch) - 7, this.x(batch) + 7, LANE - 8]);
    for (const [what, epoch, batch] of same ? [marks[0]] : marks) {
      const x = this.x(batch), best = what === "best", tint = best ? this.c.ok : this.c.text;
      this.rule(x, LANE - 4, x, this.bottom, tint, best ? [] : [4, 3]);
      g.fillStyle = tint; g.beginPath();
      if (best) { g.moveTo(x, LANE - 12); g.lineTo(x + 5, LANE - 7); g.lineTo(x, LANE - 2); g.lineTo(x - 5, LANE - 7); }
      else { g.moveTo(x - 5, LANE - 12); g.lineTo(x + 5, LANE - 12); g.lineTo(x, LANE - 3); }
      g.fill();
      if (this.narrow) continue;
      const words = `${same ? "best and kept" : what}: ${epochName(epoch)}`, long = this.wide(words);
      const places = [LANE - 8, LANE - 24].flatMap((y) => [[x - 9 - long, x - 9, y], [x + 9, x + 9 + long, y]]);
      const free = places.find(([a, b, y]) => a > this.left + 96 && b < this.right && !taken.some(([c, d, z]) => a < d && b > c && Math.abs(y - z) < 15));
      if (!free) continue;
      this.text(words, free[0], free[2], { fill: tint, weight: 600, halo: true });
      if (free[2] < LANE - 20) this.rule(free[0] < x ? x - 7 : x + 7, LANE - 22, x, LANE - 13, tint);
      taken.push(free);
    }
  }

  cursorLine() {
    const { points } = this.run, x = this.x(this.cursor), row = points.find(this.cursor), g = this.g;
    this.rule(x, LANE, x, this.bottom, this.c.ink, [1, 2]);
    for (const plot of this.plots.slice(0, 2)) {
      const value = points.get(row, points.line(plot.name), MEAN);
      if (!points.length || Number.isNaN(value)) continue;
      g.beginPath(); g.arc(x, plot.scale.y(value), 3.5, 0, 7); g.fillStyle = this.c.run; g.fill(); g.strokeStyle = this.c.bg; g.lineWidth = 1.5; g.stroke();
    }
  }
}
