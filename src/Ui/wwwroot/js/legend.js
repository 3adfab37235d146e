/** Buttons that name the series, show the value under the pointer and hide a line. */
export function legendOf(series, hidden, toggle) {
  const element = document.createElement("div");
  element.className = "chart__legend";
  const values = new Map();
  const groups = [...new Set(series.map((one, index) => one.group ?? index))];
  series.slice(0, 40).forEach((one, index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "chart__series";
    button.setAttribute("aria-pressed", String(!hidden.has(one.name)));
    const value = document.createElement("span");
    value.className = "muted";
    values.set(one.name, value);
    button.append(swatch((groups.indexOf(one.group ?? index) % 8) + 1), one.name, value);
    button.addEventListener("click", () => toggle(one.name));
    element.append(button);
  });
  if (series.length > 40) element.append(`and ${series.length - 40} more`);
  return { element, show: (plot, drawn) => show(plot, drawn, values) };
}

function swatch(colour) {
  const name = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(name, "svg");
  svg.setAttribute("width", "14");
  svg.setAttribute("height", "6");
  svg.setAttribute("class", `series-${colour}`);
  const line = document.createElementNS(name, "path");
  line.setAttribute("d", "M1 3h12");
  svg.append(line);
  return svg;
}

function show(plot, drawn, values) {
  const at = plot.cursor.idx;
  drawn.forEach((one, index) => {
    if (one.edge) return;
    const value = at === null || at === undefined ? null : plot.data[index + 1][at];
    const place = values.get(one.name);
    if (place) place.textContent = value === null || value === undefined ? "" : String(Number(value.toPrecision(5)));
  });
}
