/**
 * [data-parallel]: marks stretches of parallel axes, by dragging or with the keys (arrows move a stretch, + and - change its length,
 * Escape and a click remove it). Lines that leave a stretch fade, and so do the rows of the table that carry their data-iid.
 */
export function bindParallel(root) {
  for (const figure of root.querySelectorAll("[data-parallel]:not([data-bound])")) {
    figure.dataset.bound = "1";
    new ParallelBrush(figure).start();
  }
}

class ParallelBrush {
  constructor(figure) {
    this.figure = figure;
    this.limits = new Map();
    this.note = figure.querySelector("[data-parallel-note]");
    this.said = this.note?.textContent ?? "";
    this.lines = [...figure.querySelectorAll("[data-shares]")].map((path) => ({
      path,
      shares: path.dataset.shares.split(",").map((share) => (share === "" ? null : Number(share))),
    }));
  }

  start() {
    for (const axis of this.figure.querySelectorAll("[data-axis]")) {
      axis.setAttribute("tabindex", "0");
      axis.addEventListener("pointerdown", (event) => this.drag(axis, event));
      axis.addEventListener("keydown", (event) => this.press(axis, event));
    }
  }

  drag(axis, event) {
    event.preventDefault();
    axis.focus();
    axis.setPointerCapture(event.pointerId);
    const share = (at) => {
      const box = axis.querySelector(".parallel__grip").getBoundingClientRect();
      return Math.min(1, Math.max(0, 1 - (at.clientY - box.top) / box.height));
    };
    const from = share(event);
    const move = (at) => this.limit(axis, from, share(at));
    const end = (at) => {
      axis.removeEventListener("pointermove", move);
      if (Math.abs(share(at) - from) < 0.015) this.limit(axis, null);
    };
    axis.addEventListener("pointermove", move);
    axis.addEventListener("pointerup", end, { once: true });
    axis.addEventListener("pointercancel", end, { once: true });
  }

  press(axis, event) {
    const [low, high] = this.limits.get(axis.dataset.axis) ?? [0.8, 1];
    const known = this.limits.has(axis.dataset.axis);
    const length = high - low;
    const next = { ArrowUp: [low + 0.05, high + 0.05], ArrowDown: [low - 0.05, high - 0.05], "+": [low - 0.05, high + 0.05], "-": [low + 0.05, high - 0.05] }[event.key];
    if (event.key === "Escape" && known) this.limit(axis, null);
    else if (next && !known) this.limit(axis, 0.8, 1);
    else if (next) {
      const by = event.key.startsWith("Arrow") ? length : Math.max(0.05, next[1] - next[0]);
      const start = Math.min(1 - Math.min(by, 1), Math.max(0, next[0]));
      this.limit(axis, start, Math.min(1, start + by));
    } else return;
    event.preventDefault();
  }

  limit(axis, from, to) {
    const mark = axis.querySelector(".parallel__mark");
    const height = Number(axis.getAttribute("height"));
    if (from === null) {
      this.limits.delete(axis.dataset.axis);
      mark.setAttribute("height", "0");
      axis.setAttribute("aria-valuetext", "no limit");
    } else {
      const [low, high] = [Math.min(from, to), Math.max(from, to)];
      this.limits.set(axis.dataset.axis, [low, high]);
      mark.setAttribute("y", String((1 - high) * height));
      mark.setAttribute("height", String(Math.max(2, (high - low) * height)));
      axis.setAttribute("aria-valuenow", String(Math.round(low * 100)));
      axis.setAttribute("aria-valuetext", `${Math.round(low * 100)} to ${Math.round(high * 100)} percent of the axis`);
    }
    this.apply();
  }

  apply() {
    const kept = new Set();
    const limits = [...this.limits];
    for (const { path, shares } of this.lines) {
      const isIn = limits.every(([index, [low, high]]) => shares[index] !== null && shares[index] >= low && shares[index] <= high);
      path.classList.toggle("is-off", !isIn);
      if (isIn) kept.add(path.dataset.iid);
    }
    const table = this.figure.dataset.parallelTable && document.querySelector(this.figure.dataset.parallelTable);
    for (const row of table?.querySelectorAll("tr[data-iid]") ?? []) row.hidden = limits.length > 0 && !kept.has(row.dataset.iid);
    if (this.note) this.note.textContent = limits.length > 0 ? `${kept.size} of ${this.lines.length} within the marks · Escape removes one` : this.said;
  }
}
