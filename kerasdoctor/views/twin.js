// Finding the plain HTML that a widget without a view belongs to, wherever the front end puts it. Comes before panel.js and live_plot.js.

// One observer for all panels of a page: each widget loads this file as a module of its own.
const SHARED = Symbol.for("kerasdoctor.panels");

/** Calls `wake` whenever the page has changed, at most once a frame. @param {() => void} wake @returns {() => void} stop */
function onChange(wake) {
  const shared = (globalThis[SHARED] ??= { wakes: new Set(), observer: null, waiting: false });
  shared.wakes.add(wake);
  if (!shared.observer) {
    shared.observer = new MutationObserver(() => {
      if (shared.waiting) return;
      shared.waiting = true;
      // Not requestAnimationFrame: a page in the background has no frames.
      setTimeout(() => { shared.waiting = false; for (const each of shared.wakes) each(); }, 50);
    });
    shared.observer.observe(document.body, { childList: true, subtree: true });
  }
  return () => {
    shared.wakes.delete(wake);
    if (!shared.wakes.size) { shared.observer.disconnect(); delete globalThis[SHARED]; }
  };
}

/** The elements of the page with this id: one, or one a view of the same notebook. @param {string} id */
function twins(id) {
  return document.querySelectorAll(`.kd-twin[id="${id}"], section.kd[id="${id}"]`);
}
