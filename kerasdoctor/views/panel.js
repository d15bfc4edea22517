// Wakes a report that stands in the page as plain HTML: shows its buttons while a kernel can answer them.
// The report is found by its id wherever the front end puts it (twin.js), so that the saved notebook needs no widget.

/** @typedef {{text: string, shown: string[]}} State what a row of buttons says, and which of its later buttons are out */

// Longer than a click may seem to do nothing; a kernel that is busy without subshells, or gone, is silent for good.
const PATIENCE = 5000;

/** @param {string} text @returns {Promise<boolean>} */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Without https there is no clipboard object; the old command still works there.
    const area = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

const WORDS = { apply: "Apply to cell", copy: "Copy", run: "Run patched cells", undo: "Undo", explain: "Explain", silence: "Silence", save: "Save report" };

/** The buttons of a row, made here so that a page without a kernel has none. @param {HTMLElement} row */
function fill(row) {
  if (row.childElementCount) return;
  for (const action of row.dataset.buttons.split(" ")) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: `${WORDS[action]} ${row.dataset.code ?? ""}`.trim() });
    button.className = action === "apply" ? "kd-primary" : row.dataset.fix === undefined ? "kd-plain" : "";
    button.dataset.do = action;
    row.append(button, " ");
  }
  const status = Object.assign(document.createElement("span"), { className: "kd-status" });
  status.setAttribute("role", "status");
  row.append(status);
}

/** The name of a row of buttons: finding and fix, finding alone, or the foot. @param {Element} row */
function keyOf(row) {
  const finding = row.closest("[data-finding]")?.dataset.finding;
  return finding === undefined ? "foot" : `${finding}.${row.dataset.fix ?? "aside"}`;
}

export default {
  initialize({ model }) {
    const id = model.get("prefix");
    /** @type {Map<string, State>} */
    const states = new Map();
    /** @type {Map<string, string>} */
    const pages = new Map();
    const clocks = new Map();
    const roots = () => twins(id);

    /** @param {Element} root */
    function paint(root) {
      for (const row of root.querySelectorAll(".kd-actions")) {
        const state = states.get(keyOf(row)) ?? { text: "", shown: [] };
        fill(row);
        for (const button of row.querySelectorAll('[data-do="run"], [data-do="undo"]')) button.hidden = !state.shown.includes(button.dataset.do);
        const status = row.querySelector(".kd-status");
        if (status && status.textContent !== state.text) status.textContent = state.text;
      }
      for (const article of root.querySelectorAll("[data-finding]")) {
        const page = article.querySelector(".kd-page");
        page.hidden = !pages.has(article.dataset.finding);
        // Made and escaped by views/html.py.
        if (!page.hidden && !page.childElementCount) page.innerHTML = pages.get(article.dataset.finding);
        article.querySelector('[data-do="explain"]').setAttribute("aria-expanded", String(!page.hidden));
      }
    }

    function wake() {
      for (const root of roots()) {
        if (root.dataset.live) continue;
        root.dataset.live = "true";
        paint(root);
      }
    }

    /** @param {string} key @param {string} text @param {string[]} [shown] */
    function say(key, text, shown) {
      states.set(key, { text, shown: shown ?? states.get(key)?.shown ?? [] });
      roots().forEach(paint);
    }

    /** @param {MouseEvent} event */
    function onClick(event) {
      const target = event.target instanceof Element ? event.target.closest("button[data-do], a[href^='#']") : null;
      const root = target?.closest("section.kd");
      if (!target || root?.id !== id) return;
      if (target instanceof HTMLAnchorElement) return go(event, target, root);
      const row = target.closest(".kd-actions");
      const [key, type] = [keyOf(row), target.dataset.do];
      const finding = row.closest("[data-finding]")?.dataset.finding;
      if (type === "copy") {
        copy(model.get("texts")[key] ?? "").then((done) => say(key, done ? "Copied: the cell with this patch in it." : "The browser refused to copy."));
      } else if (type === "explain" && pages.has(finding)) {
        pages.delete(finding);
        roots().forEach(paint);
      } else {
        say(key, "…");
        clocks.set(key, setTimeout(() => say(key, "No answer yet: the kernel is busy, or gone."), PATIENCE));
        model.send({ type, key, finding: finding === undefined ? null : Number(finding), fix: Number(row.dataset.fix ?? -1) });
      }
    }

    /**
     * Keys in a report are the report's: at the window, because Notebook 7 takes arrow keys from outputs when they reach the document.
     * @param {KeyboardEvent} event
     */
    function onKey(event) {
      const root = event.target instanceof Element ? event.target.closest("section.kd") : null;
      if (root?.id === id && !event.ctrlKey && !event.metaKey) event.stopPropagation();
    }

    /** JupyterLab does not follow links inside an output. @param {MouseEvent} event @param {HTMLAnchorElement} link @param {Element} root */
    function go(event, link, root) {
      const goal = root.querySelector(`[id="${CSS.escape(link.hash.slice(1))}"]`);
      if (!goal) return;
      event.preventDefault();
      goal.setAttribute("tabindex", "-1");
      goal.scrollIntoView({ block: "nearest" });
      goal.focus({ preventScroll: true });
    }

    /** @param {{type: string, key?: string, text?: string, shown?: string[], finding?: number, html?: string}} message */
    function onMessage(message) {
      clearTimeout(clocks.get(message.key));
      if (message.type === "status") say(message.key, message.text, message.shown);
      if (message.type === "page") {
        pages.set(String(message.finding), message.html);
        say(message.key, "");
      }
    }

    const stop = onChange(wake);
    // Seen here when the kernel restarts: this widget is then dead for good. A model made anew for the same report may wake it again.
    function sleep() {
      stop();
      document.removeEventListener("click", onClick);
      window.removeEventListener("keydown", onKey, true);
      for (const root of roots()) {
        delete root.dataset.live;
        for (const row of root.querySelectorAll(".kd-actions")) row.replaceChildren();
      }
    }

    model.on("comm_live_update", sleep);
    model.on("msg:custom", onMessage);
    document.addEventListener("click", onClick);
    window.addEventListener("keydown", onKey, true);
    wake();
    return sleep;
  },
};
