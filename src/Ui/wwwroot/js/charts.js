import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { legendOf } from "./legend.js";
import { tableOf } from "./series.js";

const bound = new Set();
const number = new Intl.NumberFormat("en");

/** figure[data-chart="line"]: draws the series of its source; zooming asks for exact points. */
export function bind(root) {
  for (const figure of root.querySelectorAll('[data-chart="line"]:not([data-bound])')) {
    figure.dataset.bound = "1";
    watcher.observe(figure);
  }
}

// A page may hold dozens of charts: each asks for its points when the reader comes near.
const watcher = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    watcher.unobserve(entry.target);
    let chart = [...bound].find((one) => one.figure === entry.target);
    if (!chart) bound.add(chart = new LineChart(entry.target));
    chart.load();
  }
}, { rootMargin: "400px 0px" });

// The colours are tokens: when the theme changes, charts are drawn anew.
new MutationObserver(redrawAll).observe(document.documentElement, { attributeFilter: ["data-theme"] });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redrawAll);

function redrawAll() {
  for (const chart of bound) chart.draw();
}

class LineChart {
  constructor(figure) {
    this.figure = figure;
    this.canvas = figure.querySelector("[data-chart-canvas]");
    this.note = figure.querySelector("[data-chart-note]");
    this.hidden = new Set();
    this.range = null;
    new ResizeObserver(() => this.resize()).observe(this.canvas);
    this.canvas.addEventListener("keydown", (event) => this.press(event));
    document.addEventListener("squero:series", (event) => this.select(event.detail));
    document.addEventListener("squero:live", () => this.follow());
  }

  /** Other parts of a page choose series by name: { names: [...] } or null for all. */
  select(detail) {
    if (!this.answer) return;
    const names = detail?.names;
    this.hidden = new Set(names ? this.answer.series.map((one) => one.name).filter((name) => !names.includes(name)) : []);
    this.draw();
  }

  async load() {
    const address = new URL(this.figure.dataset.source, location.href);
    if (this.range) {
      address.searchParams.set("from", this.range[0]);
      address.searchParams.set("to", this.range[1]);
    }
    try {
      const answer = await fetch(address, { credentials: "same-origin" });
      if (!answer.ok) throw new Error(`The points could not be loaded (${answer.status}).`);
      this.answer = await answer.json();
      if (!this.range) this.whole = this.answer;
      this.draw();
    } catch (failure) {
      this.say(failure.message);
    }
  }

  /** More was logged: what is on the screen is asked for again, the rest when it comes there. A zoomed chart stays where it is. */
  follow() {
    if (this.range || !this.figure.isConnected) return;
    const box = this.figure.getBoundingClientRect();
    if (box.bottom > 0 && box.top < innerHeight) this.load();
    else watcher.observe(this.figure);
  }

  say(text) {
    const line = document.createElement("p");
    line.className = "chart__message";
    line.textContent = text;
    this.canvas.replaceChildren(line);
  }

  draw() {
    if (!this.answer || !this.figure.isConnected) return;
    const { columns, series, bands } = tableOf(this.answer, this.hidden);
    if (columns[0].length === 0) {
      // Nothing was logged in the part that was asked for: there is no way on from an empty chart.
      if (this.range) return this.reset();
      this.say("No points yet.");
      return;
    }
    // The same lines with more points: the chart stays, so that nothing blinks.
    if (this.plot && this.drawn === this.look() && this.plot.root.isConnected) {
      this.plot.setData(columns);
      this.tell();
      return;
    }
    this.drawn = this.look();
    this.plot?.destroy();
    this.canvas.replaceChildren();
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "group");
    this.canvas.setAttribute("aria-label", `${this.figure.dataset.label}: plus and minus zoom, arrows move, 0 shows all`);
    this.plot = new uPlot(this.options(series, bands), columns, this.canvas);
    this.tell();
    this.figure.querySelector(".chart__legend")?.remove();
    this.legend = legendOf(this.answer.series, this.hidden, (name) => this.toggle(name));
    if (this.answer.series.length > 1) this.figure.append(this.legend.element);
  }

  /** What a drawn chart cannot change: its lines, which of them are hidden, its axis and the theme. */
  look() {
    return JSON.stringify([this.answer.x, this.range, [...this.hidden], this.answer.series.map((one) => [one.name, Boolean(one.min)]), this.colour("chart__axis")]);
  }

  options(series, bands) {
    const axis = { stroke: this.colour("chart__axis"), grid: { stroke: this.colour("chart__lines"), width: 1 }, ticks: { show: false }, font: this.font() };
    const ticksOfX = this.answer.x === "relative" ? { values: (_, ticks) => ticks.map(spanText) } : {};
    return {
      ms: 1,
      width: this.canvas.clientWidth,
      height: Number(this.figure.dataset.height) || 240,
      scales: { x: { time: this.answer.x === "time", range: (_, low, high) => (low === high ? [low - 1, high + 1] : [low, high]) } },
      axes: [{ ...axis, size: 28, space: 70, ...ticksOfX }, { ...axis, size: 56, values: (_, ticks) => ticks.map((tick) => this.tickText(tick)) }],
      series: [{}, ...series.map((one) => this.seriesOf(one))],
      bands: bands.map((pair) => ({ series: pair.series, fill: this.faint(pair.colour) })),
      legend: { show: false },
      cursor: { drag: { x: true, y: false, dist: 6 }, points: { size: 6 }, bind: { dblclick: () => () => this.reset() } },
      hooks: { setSelect: [(plot) => this.zoom(plot)], setCursor: [(plot) => this.legend?.show(plot, series)] },
    };
  }

  seriesOf(one) {
    const stroke = this.colour(`series-${one.colour}`);
    const edge = one.edge ? { width: 0, points: { show: false } } : { width: 1.6, dash: one.dash };
    return { label: one.name, stroke, show: !one.hidden, ...edge };
  }

  zoom(plot) {
    if (plot.select.width < 6) return;
    this.range = [plot.posToVal(plot.select.left, "x"), plot.posToVal(plot.select.left + plot.select.width, "x")];
    this.load();
  }

  /** The keys do what dragging does. */
  press(event) {
    if (!this.plot || event.ctrlKey || event.metaKey || event.altKey) return;
    const { min, max } = this.plot.scales.x;
    const places = this.whole.series.flatMap((one) => [one.x[0], one.x.at(-1)]).filter(Number.isFinite);
    const [first, last] = [Math.min(...places), Math.max(...places)];
    const part = (max - min) / 4;
    const [left, right] = [Math.max(-part, first - min), Math.min(part, last - max)];
    const moves = { "+": [part, -part], "=": [part, -part], "-": [-2 * part, 2 * part], ArrowLeft: [left, left], ArrowRight: [right, right], 0: [-Infinity, Infinity] };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    const [from, to] = [Math.max(first, min + move[0]), Math.min(last, max + move[1])];
    if (from <= first && to >= last) return this.reset();
    if (from >= to) return;
    this.range = [from, to];
    this.load();
  }

  reset() {
    this.range = null;
    this.answer = this.whole;
    this.draw();
  }

  toggle(name) {
    if (this.hidden.has(name)) this.hidden.delete(name);
    else this.hidden.add(name);
    this.draw();
  }

  tell() {
    if (!this.note) return;
    const shown = this.answer.series.reduce((sum, one) => sum + one.x.length, 0);
    const all = this.answer.series.reduce((sum, one) => sum + (one.points ?? one.x.length), 0);
    const gaps = this.answer.series.reduce((sum, one) => sum + (one.gaps ?? 0), 0);
    const areMeans = this.answer.series.some((one) => one.members > 1);
    this.note.textContent = [
      `${number.format(shown)} ${areMeans ? "means of" : "of"} ${number.format(all)} points`,
      gaps > 0 && `${number.format(gaps)} NaN or infinite`,
      this.range ? "double-click for all" : all > shown && !areMeans && "drag to zoom to exact ones",
    ].filter(Boolean).join(" · ");
  }

  resize() {
    const width = this.canvas.clientWidth;
    if (this.plot && width > 0 && Math.abs(width - this.plot.width) > 1) this.plot.setSize({ width, height: this.plot.height });
  }

  tickText(tick) {
    const size = Math.abs(tick);
    const text = size !== 0 && (size >= 1e5 || size < 1e-3) ? tick.toExponential(1).replace(".0", "") : String(Number(tick.toPrecision(6)));
    return text + (this.figure.dataset.unit ? ` ${this.figure.dataset.unit}` : "");
  }

  colour(name) {
    const probe = document.createElement("i");
    probe.className = name;
    this.figure.append(probe);
    const value = getComputedStyle(probe).color;
    probe.remove();
    return value;
  }

  faint(index) {
    return this.colour(`series-${index}`).replace(/\)$/, " / 0.15)").replace(/^rgb\((\d+), (\d+), (\d+) \//, "rgb($1 $2 $3 /");
  }

  font() {
    return `12px ${getComputedStyle(document.body).fontFamily}`;
  }
}

function spanText(ms) {
  const seconds = ms / 1000;
  if (Math.abs(seconds) < 120) return `${Number(seconds.toPrecision(3))} s`;
  if (Math.abs(seconds) < 7200) return `${Number((seconds / 60).toPrecision(3))} min`;
  return `${Number((seconds / 3600).toPrecision(3))} h`;
}
