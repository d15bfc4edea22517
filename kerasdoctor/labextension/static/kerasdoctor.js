// @ts-check
/**
 * The browser's half of one click: changes, runs and adds cells when kerasdoctor in the kernel asks (views/click.py).
 *
 * Written by hand in the shape of a module federation container, so that no bundler and no node are needed. A request comes as the
 * data of an opening comm; the answer goes back on the same comm. Nothing is kept between requests, so a reloaded page answers too.
 *
 * @typedef {{cell_id: string, old: string, new: string}} Change
 * @typedef {{type: string, request: string, cells?: any[], after?: string, text?: string}} Request
 * @typedef {{type: string, [field: string]: any}} Reply
 * @typedef {any} Cell a cell's shared model: getSource(), updateSource(start, end, text), execution_count
 * @typedef {any} Panel a NotebookPanel
 * @typedef {any} Comm
 */
(() => {
  "use strict";
  const NAME = "kerasdoctor";
  const NOTEBOOK = "@jupyterlab/notebook";
  // The version stands once, in the query of package.json's "load"; it also keeps browsers from using an older cached file.
  const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);
  const VERSION = (script && new URL(script.src).searchParams.get("v")) || "";
  const YIELD_MS = 200;
  const SUBSHELL_MS = 1000;

  /** Why a request changes nothing, in words for the user. */
  class Refusal extends Error {}

  const pause = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

  // The kernel's copy of a cell has lost its last newlines.
  const stripped = (/** @type {string} */ text) => text.replace(/\n+$/, "");

  const label = (/** @type {Cell} */ cell) => (cell.execution_count ? `cell [${cell.execution_count}]` : "the cell");

  /**
   * The smallest range of `before` to replace, and by what, so that `after` stands there. Never cuts a surrogate pair in two,
   * which Yjs would turn into replacement characters.
   * @param {string} before
   * @param {string} after
   */
  function difference(before, after) {
    const shorter = Math.min(before.length, after.length);
    let start = 0;
    while (start < shorter && before[start] === after[start]) start++;
    if (start && /[\uD800-\uDBFF]/.test(before[start - 1])) start--;
    let same = 0;
    while (same < shorter - start && before[before.length - 1 - same] === after[after.length - 1 - same]) same++;
    if (same && /[\uDC00-\uDFFF]/.test(before[before.length - same])) same--;
    return { start, end: before.length - same, text: after.slice(start, after.length - same) };
  }

  /**
   * One undo step of its own: Yjs would merge it with what was typed in the last half second.
   * @param {Cell} cell
   * @param {string} after
   */
  function rewrite(cell, after) {
    const { start, end, text } = difference(stripped(cell.getSource()), stripped(after));
    if (start === end && !text) return;
    cell.undoManager?.stopCapturing();
    cell.updateSource(start, end, text);
    cell.undoManager?.stopCapturing();
  }

  /** @param {Panel[]} panels @param {string} id @returns {Cell[]} */
  function cellsWithId(panels, id) {
    const found = panels.flatMap((panel) => [...panel.content.model.sharedModel.cells].filter((cell) => cell.id === id));
    return [...new Set(found)];
  }

  /**
   * The cell that a change is meant for. Copies of a notebook share cell ids, so the text decides between them. A cell that already
   * holds the new text (another page of the same live document was quicker) is as good.
   * @param {Panel[]} panels
   * @param {Change} change
   * @returns {Cell}
   */
  function cellFor(panels, change) {
    const cells = cellsWithId(panels, change.cell_id);
    if (!cells.length) throw new Refusal("a cell that it changes is no longer in the notebook");
    const holds = (/** @type {string} */ text) => cells.find((cell) => stripped(cell.getSource()) === stripped(text));
    const cell = holds(change.old) ?? holds(change.new);
    if (!cell) throw new Refusal(`${label(cells[0])} was edited since it ran`);
    if (cell.getMetadata("editable") === false) throw new Refusal(`${label(cell)} is read-only`);
    return cell;
  }

  /** All or nothing. @param {Panel[]} panels @param {Change[]} changes */
  function change(panels, changes) {
    const cells = changes.map((one) => cellFor(panels, one));
    changes.forEach((one, index) => rewrite(cells[index], one.new));
    return changes.map((one) => one.cell_id);
  }

  /** @param {Panel[]} panels @param {string[]} ids @param {any} NotebookActions */
  function run(panels, ids, NotebookActions) {
    for (const panel of panels) {
      const widgets = ids.map((id) => panel.content.widgets.find((/** @type {any} */ widget) => widget.model.id === id));
      if (widgets.every(Boolean)) return NotebookActions.runCells(panel.content, widgets, panel.sessionContext);
    }
    throw new Refusal("a cell to run is no longer in the notebook");
  }

  /** @param {Panel[]} panels @param {string} after @param {string} text @returns {string} the new cell's id */
  function insert(panels, after, text) {
    for (const panel of panels) {
      const model = panel.content.model.sharedModel;
      const index = [...model.cells].findIndex((cell) => cell.id === after);
      if (index >= 0) return model.insertCell(index + 1, { cell_type: "code", source: text, metadata: {} }).id;
    }
    throw new Refusal("the cell above is no longer in the notebook");
  }

  /**
   * Does what is asked. `send` carries what is said before the end.
   * @param {Request} request
   * @param {Panel[]} panels
   * @param {any} NotebookActions
   * @param {(reply: Reply) => Promise<void>} send
   * @returns {Promise<Reply>}
   */
  async function perform(request, panels, NotebookActions, send) {
    switch (request.type) {
      case "hello":
        return { type: "hello", version: VERSION };
      case "patch":
        return { type: "patched", cells: change(panels, request.cells ?? []) };
      case "undo":
        return { type: "undone", cells: change(panels, request.cells ?? []) };
      case "new_cell":
        return { type: "inserted", cell: insert(panels, request.after ?? "", request.text ?? "") };
      case "run": {
        const done = run(panels, request.cells ?? [], NotebookActions);
        await send({ type: "running", cells: request.cells });
        return { type: "ran", cells: request.cells, ok: await done };
      }
      default:
        throw new Refusal(`version ${VERSION} of the labextension does not know "${request.type}"`);
    }
  }

  /**
   * Whether this page answers. A kernel speaks to every page that has its notebook open; the one in focus is first to put down
   * its claim where all pages of the browser see it, the others come later and find it taken.
   * @param {string} request
   */
  async function claim(request) {
    if (!document.hasFocus()) await pause(YIELD_MS);
    try {
      const taken = JSON.parse(localStorage.getItem(`${NAME}:claims`) ?? "[]");
      if (taken.includes(request)) return false;
      localStorage.setItem(`${NAME}:claims`, JSON.stringify([...taken, request].slice(-8)));
    } catch {
      // No storage: this page speaks for itself.
    }
    return true;
  }

  /** An answer that does not go through a subshell waits until the running cell has ended. @param {any} kernel @param {Comm} comm */
  async function subshell(kernel, comm) {
    if (!kernel.supportsSubshells || !comm.subshellStarted || comm.commsOverSubshells === "disabled") return;
    await Promise.race([comm.subshellStarted.catch(() => {}), pause(SUBSHELL_MS)]);
  }

  /**
   * @param {any} tracker
   * @param {any} kernel
   * @returns {Promise<Panel[]>} the notebooks of this kernel, the current one first, once their cells are there
   */
  async function panelsOf(tracker, kernel) {
    /** @type {Panel[]} */
    const panels = [];
    tracker.forEach((/** @type {Panel} */ panel) => {
      if (panel.sessionContext.session?.kernel?.id === kernel.id) panels.push(panel);
    });
    await Promise.all(panels.map((panel) => panel.context.ready));
    const open = panels.filter((panel) => !panel.isDisposed && panel.content.model);
    return open.sort((a, b) => Number(b === tracker.currentWidget) - Number(a === tracker.currentWidget));
  }

  /** @param {any} tracker @param {any} NotebookActions @param {any} kernel @param {Comm} comm @param {Request} request */
  async function answer(tracker, NotebookActions, kernel, comm, request) {
    const send = async (/** @type {Reply} */ reply) => {
      await subshell(kernel, comm);
      if (!comm.isDisposed) comm.send({ ...reply, request: request.request });
    };
    try {
      if (request.type !== "hello" && !(await claim(request.request))) return;
      await send(await perform(request, await panelsOf(tracker, kernel), NotebookActions, send));
    } catch (error) {
      if (!(error instanceof Refusal)) console.error(NAME, error);
      await send({ type: "refused", reason: /** @type {Error} */ (error).message });
    }
  }

  /** @param {any} tracker @param {any} NotebookActions */
  function listen(tracker, NotebookActions) {
    const follow = (/** @type {Panel} */ panel) => {
      const context = panel.sessionContext;
      // Registering twice costs an assignment; a signal missed costs the click.
      const register = () => {
        const kernel = context.session?.kernel;
        // Not awaited: the kernel's next messages wait until this callback is done.
        kernel?.registerCommTarget(NAME, (/** @type {Comm} */ comm, /** @type {any} */ opening) => {
          void answer(tracker, NotebookActions, kernel, comm, opening.content.data);
        });
      };
      for (const signal of [context.kernelChanged, context.statusChanged, context.connectionStatusChanged]) signal.connect(register);
      register();
    };
    tracker.forEach(follow);
    tracker.widgetAdded.connect((/** @type {any} */ _, /** @type {Panel} */ panel) => follow(panel));
  }

  /** @type {any} */
  let shared = null;

  /** A module of JupyterLab itself. @param {string} name */
  async function lab(name) {
    const [version] = Object.values(shared[name] ?? {});
    return (await version.get())();
  }

  async function extension() {
    const { INotebookTracker, NotebookActions } = await lab(NOTEBOOK);
    const plugin = {
      id: `${NAME}:cells`,
      autoStart: true,
      // Optional, since Notebook 7 has pages without notebooks.
      optional: [INotebookTracker],
      activate: (/** @type {any} */ _, /** @type {any} */ tracker) => tracker && listen(tracker, NotebookActions),
    };
    // Without __esModule the whole page stays blank.
    return { __esModule: true, default: plugin };
  }

  const container = {
    init: (/** @type {any} */ scope) => void (shared = scope),
    get: async (/** @type {string} */ module) => {
      if (module !== "./extension") throw new Error(`${NAME} has no module ${module}`);
      const exports = await extension();
      return () => exports;
    },
  };
  const page = /** @type {any} */ (window);
  page._JUPYTERLAB = page._JUPYTERLAB ?? {};
  page._JUPYTERLAB[NAME] = container;
})();
