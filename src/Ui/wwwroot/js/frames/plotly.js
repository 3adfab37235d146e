// Runs in a frame without an origin, with a policy that forbids every request.
import Plotly from "plotly.js-strict-dist-min";
import { fail, readSpec, tellHeight } from "./told.js";

const config = { displaylogo: false, responsive: true, showSendToCloud: false, modeBarButtonsToRemove: ["toImage", "sendDataToCloud"], topojsonURL: "about:invalid", plotlyServerURL: "" };

async function draw() {
  const spec = readSpec();
  const layout = { ...spec.layout };
  // A figure made for a wider page would scroll sideways.
  if (!(layout.width <= innerWidth)) delete layout.width;
  layout.height ??= 450;
  await Plotly.newPlot("chart", spec.data ?? [], layout, config);
  if (Array.isArray(spec.frames) && spec.frames.length) await Plotly.addFrames("chart", spec.frames);
  tellHeight();
}

draw().catch(fail);
