import uPlot from "uplot";

const dashes = [undefined, [6, 4], [2, 3], [10, 3, 2, 3]];

/** One table over all x for uPlot; after eight colours the dash tells series apart. */
export function tableOf(answer, hidden) {
  const tables = [];
  const series = [];
  const bands = [];
  const groups = [...new Set(answer.series.map((one, index) => one.group ?? index))];
  answer.series.forEach((one, index) => {
    const place = groups.indexOf(one.group ?? index);
    const look = { name: one.name, colour: (place % 8) + 1, dash: dashes[Math.floor(place / 8) % dashes.length], hidden: hidden.has(one.name) };
    const columns = [one.x, one.y.map(finite)];
    series.push(look);
    if (one.min && one.max && !look.hidden) {
      columns.push(one.max.map(finite), one.min.map(finite));
      const at = series.length + 1;
      series.push({ ...look, edge: true }, { ...look, edge: true });
      bands.push({ series: [at, at + 1], colour: look.colour });
    }
    tables.push(columns);
  });
  const columns = tables.length === 0 ? [[]] : tables.length === 1 ? tables[0] : uPlot.join(tables);
  return { columns, series, bands };
}

function finite(value) {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
