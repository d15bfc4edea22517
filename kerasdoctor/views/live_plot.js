// The panel of a run: head, progress, controls, chart, incidents, causes. Comes after live_table.js and live_chart.js.
// All text goes in as textContent: names of models and metrics are the user's.

const SIGNS = { error: "×", warning: "!", info: "i", ok: "✓" };
const LIKELY = { likely: "high", possible: "some", "ruled out": "" };
const NO_ANSWER = "No answer yet. Interrupting the kernel stops the run as well.";
const MOST_CELLS = 150;

/** An element with attributes, then its children or text. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  element.append(...children);
  return element;
}

/** What is known of the run in this page, shared by all views of the widget. */
class Run {
  constructor(model) {
    this.model = model;
    this.state = null;
    this.listeners = new Set();
    this.tables([]);
  }

  tables(lines) {
    this.points = new Table([...lines, "learning_rate"]);
    this.epochs = new Table(lines);
    this.probes = new Table(["gradient_norm"]);
  }

  /** Take a state and rows; ask for everything where something was missed. */
  take(state, starts, buffers, full) {
    if (!state?.sequence || (!full && this.state && state.sequence <= this.state.sequence)) return;
    const next = full || (this.state && state.sequence === this.state.sequence + 1 && String(state.lines) === String(this.state.lines));
    if (!next) return this.model.send({ type: "sync" });
    if (full) this.tables(state.lines);
    this.state = state;
    const fits = ["points", "epochs", "probes"].map((name, i) => this[name].put(starts[name], buffers[i]));
    if (!fits.every(Boolean)) this.model.send({ type: "sync" });
    for (const listener of this.listeners) listener();
  }

  takeTraits() {
    const state = this.model.get("state");
    if (state?.sequence && !(this.state && state.sequence < this.state.sequence)) {
      this.take(state, { points: 0, epochs: 0, probes: 0 }, ["points", "epochs", "probes"].map((name) => this.model.get(name) ?? new DataView(new ArrayBuffer(0))), true);
    }
  }
}

/** Minutes and seconds, as short as they can be. */
function duration(seconds) {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

class Panel {
  constructor(run, el) {
    this.run = run;
    this.keys = {};
    this.root = make("section", { class: "kd kd-live", "data-lm-suppress-shortcuts": "true", "aria-label": "kerasdoctor live panel" });
    this.root.append(this.head(), this.progress(), this.controls(), this.chartPart(), this.causes(), this.foot());
    // The notebook has single-key commands; none of them may hear what is typed here.
    this.root.addEventListener("keydown", (event) => event.stopPropagation());
    el.append(this.root);
    this.chart = new LiveChart(this.canvas, (parts) => this.read(parts));
    this.update = () => this.draw();
    run.listeners.add(this.update);
    if (run.state) this.draw();
  }

  close() { this.run.listeners.delete(this.update); this.chart.close(); clearTimeout(this.waiting); }

  head() {
    this.mark = make("span", { class: "kd-mark kd-large", role: "img" });
    this.title = make("div", { class: "kd-h2", role: "heading", "aria-level": "2" }, "Waiting for the first batch");
    this.count = make("span");
    this.sub = make("p", { class: "kd-sub" });
    this.live = make("span", { class: "kd-hidden", "aria-live": "polite" });
    return make("header", { class: "kd-head" }, this.mark, this.title, make("div", { class: "kd-count" }, this.count), this.sub, this.live);
  }

  progress() {
    this.cells = make("div", { class: "kd-epochs", role: "progressbar", "aria-label": "training", "aria-valuemin": "0" });
    this.eta = make("div", { class: "kd-eta" });
    return make("div", { class: "kd-progress" }, this.cells, this.eta);
  }

  controls() {
    this.stop = make("button", { type: "button", class: "kd-primary" }, "Stop");
    this.stop.onclick = () => this.ask({ type: "stop" });
    this.back = make("button", { type: "button" }, "Roll back to");
    this.to = make("select", { "aria-label": "Roll back to" });
    this.rate = make("input", { type: "text", inputmode: "decimal", "aria-label": "learning rate", placeholder: "same" });
    this.back.onclick = () => this.ask({ type: "rollback", to: this.to.value, rate: this.rate.value });
    this.rateLabel = make("label", {}, "at rate ", this.rate);
    this.metric = make("select", { "aria-label": "metric" });
    this.metric.onchange = () => { this.chart.metric = this.metric.value; this.chart.show(this.run); };
    this.metricGroup = make("label", { hidden: true }, this.metric);
    this.log = make("button", { type: "button", "aria-pressed": "true" }, "Log");
    this.log.onclick = () => { this.chart.log = !this.chart.log; this.log.setAttribute("aria-pressed", String(this.chart.log)); this.chart.redraw(); };
    const smoothing = make("input", { type: "range", min: "0", max: "0.95", step: "0.05", value: "0.8" });
    smoothing.oninput = () => { this.chart.weight = Number(smoothing.value); this.chart.redraw(); };
    this.status = make("span", { class: "kd-status", role: "status" });
    return make("div", { class: "kd-controls", role: "toolbar", "aria-label": "Training controls" },
      make("div", { class: "kd-group" }, this.stop, make("span", { class: "kd-split" }, this.back, this.to), this.rateLabel), this.status,
      make("div", { class: "kd-group kd-push" }, this.metricGroup, this.log, make("label", {}, "smoothing ", smoothing)));
  }

  chartPart() {
    this.readOut = make("div", { class: "kd-read" });
    this.canvas = make("canvas", { tabindex: "0", role: "img" });
    this.incidents = make("ol", { class: "kd-incidents" });
    this.legend = make("div", { class: "kd-eta" }, make("span", {}, make("span", { class: "kd-swatch" }), "training, smoothed over each batch"), make("span", {}, "◇ validation"));
    return make("div", { class: "kd-chart" }, this.readOut, this.canvas, this.legend, this.incidents);
  }

  causes() {
    this.causeList = make("ol", { class: "kd-causes" });
    this.causePart = make("div", { class: "kd-section", hidden: true }, make("div", { class: "kd-label", role: "heading", "aria-level": "3" }, "Causes, most likely first"), this.causeList);
    return this.causePart;
  }

  foot() {
    this.note = make("span");
    this.kept = make("span", { class: "kd-push" });
    return make("footer", { class: "kd-foot" }, this.note, this.kept);
  }

  ask(message) {
    this.status.textContent = message.type === "stop" ? "Asked to stop." : "Asked to roll back.";
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => { this.status.textContent = NO_ANSWER; }, 4000);
    this.run.model.send(message);
  }

  answer(text) { clearTimeout(this.waiting); this.status.textContent = text; this.status.title = text; }

  read(parts) {
    this.readOut.replaceChildren(...parts.map(([name, value]) => make("span", {}, `${name} `, make("b", {}, value))));
  }

  /** Run `change` where `value` is not what it was at the last call with this name: an element under the pointer is not rebuilt. */
  once(name, value, change) {
    const key = JSON.stringify(value);
    if (this.keys[name] !== key) { this.keys[name] = key; change(); }
  }

  draw() {
    const { state } = this.run;
    this.root.dataset.worst = state.severity;
    this.mark.dataset.severity = state.severity;
    this.mark.setAttribute("aria-label", state.severity === "ok" ? "good" : state.severity);
    this.mark.textContent = SIGNS[state.severity] ?? "";
    this.title.textContent = state.title;
    this.count.textContent = state.status;
    this.once("sub", state.subtitle, () => this.sub.replaceChildren(...state.subtitle.map(([words, strong]) => (strong ? make("strong", {}, words) : document.createTextNode(words)))));
    this.root.setAttribute("aria-label", `kerasdoctor live panel, ${state.model}, ${state.bands.length} incidents`);
    this.drawCells(state);
    this.drawEta(state);
    this.drawControls(state);
    this.once("bands", state.bands.map((band) => [band.number, band.label, band.recovered]), () => this.drawIncidents(state));
    this.once("causes", state.causes, () => this.drawCauses(state));
    this.note.textContent = state.note;
    const said = { best: "best", kept: "last healthy" };
    this.kept.textContent = state.marks.length ? `weights kept: ${state.marks.map(([what, epoch]) => `${epochName(epoch)} (${said[what]})`).join(", ")}` : "";
    this.chart.show(this.run);
  }

  drawCells(state) {
    const planned = Math.max(state.epochs - state.firstEpoch, state.cells.length, 1), group = Math.ceil(planned / MOST_CELLS);
    const grave = ["fine", "lost", "collapsed", "nan"], best = state.marks.find(([what]) => what === "best")?.[1];
    const part = state.status === "running" && state.steps ? state.batchInEpoch / state.steps : 1;
    this.once("cells", [state.cells, best, planned, group], () => this.cells.replaceChildren(...Array.from({ length: Math.ceil(planned / group) }, (_, i) => {
      const worst = state.cells.slice(i * group, (i + 1) * group).map((kind) => grave.indexOf(kind));
      const cell = make("i", best && Math.floor((best - 1 - state.firstEpoch) / group) === i ? { "data-best": true } : {});
      if (worst.length) cell.append(make("b", { "data-s": grave[Math.max(...worst)] ?? "fine" }));
      return cell;
    })));
    const last = [...this.cells.querySelectorAll("b")].at(-1), filled = (state.cells.length - 1) % group;
    if (last) last.style.width = `${(100 * (group === 1 ? part : (filled + part) / group)).toFixed(1)}%`;
    this.cells.setAttribute("aria-valuemax", state.epochs);
    this.cells.setAttribute("aria-valuenow", state.firstEpoch + state.cells.length - (part < 1 ? 1 : 0));
    this.cells.setAttribute("aria-valuetext", `epoch ${state.epoch ?? 0} of ${state.epochs}, batch ${state.batchInEpoch ?? 0}${state.steps ? ` of ${state.steps}` : ""}`);
  }

  drawEta(state) {
    const part = (before, value, after = "") => make("span", {}, before, make("b", {}, String(value)), after);
    const parts = [part("epoch ", state.epoch || "–", ` of ${state.epochs}`), part("batch ", state.batchInEpoch || "–", state.steps ? ` of ${state.steps}` : "")];
    if (state.rate) parts.push(part("", state.rate < 10 ? state.rate.toFixed(1) : Math.round(state.rate), " batches/s"));
    if (state.status === "running" && state.eta !== null) parts.push(part(`${duration(state.elapsed)} so far, about `, duration(state.eta), " left"));
    else parts.push(make("span", {}, state.status === "running" ? `${duration(state.elapsed)} so far` : `took ${duration(state.elapsed)}`));
    this.eta.replaceChildren(...parts);
  }

  drawControls(state) {
    const running = state.status === "running", said = { best: "best", kept: "last healthy" }, value = { best: "best", kept: "healthy" };
    this.stop.disabled = !running;
    this.back.disabled = this.to.disabled = !state.marks.length;
    this.rate.disabled = !running || !state.marks.length;
    this.log.disabled = this.chart.canLog === false;
    const offered = state.marks.filter(([what]) => !running || state.rollbackTo.includes(value[what]));
    this.once("marks", offered, () => {
      const chosen = this.to.value, order = [...offered].sort((a) => (a[0] === "kept" ? -1 : 1));
      this.to.replaceChildren(...(order.length ? order.map(([what, epoch]) => make("option", { value: value[what] }, `${epochName(epoch)}, ${said[what]}`)) : [make("option", {}, "no epoch yet")]));
      if (order.some(([what]) => value[what] === chosen)) this.to.value = chosen;
    });
    this.once("metrics", state.lines, () => {
      const metrics = state.lines.slice(1);
      this.metric.replaceChildren(...metrics.map((name) => make("option", { value: name }, name)));
      this.metricGroup.hidden = metrics.length < 2;
      if (!metrics.includes(this.chart.metric)) this.chart.metric = null;
    });
    this.once("status", state.status, () => { if (!running) this.answer(state.status === "finished" ? "" : state.message); });
  }

  drawIncidents(state) {
    const line = (band) => `${band.label}, epoch ${band.epoch}${band.recovered ? ", recovered" : ""}`;
    this.incidents.replaceChildren(...state.bands.map((band) => make("li", { "data-s": band.kind }, make("b", {}, String(band.number)), `${line(band)}. ${band.message}`)));
    const marks = state.marks.map(([what, epoch]) => ` ${what === "best" ? "Best" : "Kept"}: ${epochName(epoch)}.`).join("");
    this.canvas.setAttribute("aria-label", `${state.lines.slice(0, 2).join(" and ")} per batch.${marks} ${state.bands.map(line).join("; ") || "No incidents"}. Arrow keys move the read-out.`);
    if (state.bands.length) this.live.textContent = line(state.bands.at(-1));
  }

  drawCauses(state) {
    this.causePart.hidden = !state.causes.length;
    let rank = 0;
    this.causeList.replaceChildren(...state.causes.map((cause) => {
      const out = cause.likelihood === "ruled out", proof = make("div", { class: "kd-proof" });
      if (cause.evidence_for.length) proof.append(make("ul", { class: "for" }, ...cause.evidence_for.map((words) => make("li", {}, words))));
      if (cause.evidence_against.length) proof.append(make("ul", { class: "against" }, ...cause.evidence_against.map((words) => make("li", {}, words))));
      proof.classList.toggle("two", proof.children.length === 2);
      const name = make("div", { class: "kd-h4", role: "heading", "aria-level": "4" }, ...(cause.code ? [make("code", {}, cause.code), " "] : []), cause.title, " ", make("span", { class: "kd-likely", "data-s": LIKELY[cause.likelihood] ?? "" }, cause.likelihood));
      return make("li", {}, make("span", { class: "kd-rank" }, out ? "–" : String(++rank)), make("div", {}, name, proof));
    }));
  }
}

/** The live panel in the place of its saved twin, for as long as the kernel lives. */
export default {
  initialize({ model }) {
    const run = new Run(model), id = model.get("prefix");
    /** @type {Map<Element, Panel>} */
    const panels = new Map();

    function wake() {
      for (const [root, panel] of panels) if (!root.isConnected) { panel.close(); panels.delete(root); }
      for (const root of twins(id)) {
        if (panels.has(root)) continue;
        root.dataset.live = "true";
        panels.set(root, new Panel(run, root));
      }
    }
    const stop = onChange(wake);
    function sleep() {
      stop();
      for (const [root, panel] of panels) { panel.close(); panel.root.remove(); delete root.dataset.live; }
      panels.clear();
    }

    model.on("msg:custom", (message, buffers) => {
      if (message.type === "update") run.take(message.state, message.starts, buffers, Boolean(message.full));
      if (message.type === "answer") for (const panel of panels.values()) panel.answer(message.text);
    });
    model.on("change:state", () => run.takeTraits());
    model.on("comm_live_update", sleep);
    run.takeTraits();
    model.send({ type: "sync" });
    wake();
    return sleep;
  },
};
