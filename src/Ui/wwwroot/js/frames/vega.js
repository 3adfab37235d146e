// Runs in a frame without an origin, with a policy that forbids every request and every evaluation of text.
import { expressionInterpreter } from "vega-interpreter";
import { parse, View, Warn } from "vega";
import { compile } from "vega-lite";
import { fail, readSpec, tellHeight } from "./told.js";

const refuse = async () => { throw new Error("data and pictures of other servers are not fetched"); };

/** Closed: whatever the description asks for is refused before a request is made. */
const loader = { load: refuse, sanitize: refuse, http: refuse, file: refuse };

async function draw() {
  const spec = readSpec();
  const isLite = document.getElementById("chart").dataset.mime.includes("vegalite") || String(spec.$schema).includes("vega-lite");
  const full = isLite ? compile(fit(spec)).spec : spec;
  const view = new View(parse(full, null, { ast: true }), {
    expr: expressionInterpreter,
    loader,
    renderer: "svg",
    container: "#chart",
    hover: true,
    logLevel: Warn,
  });
  view.logger().error = fail;
  view.logger().warn = () => view.logger();
  await view.runAsync();
  tellHeight();
}

/** Widths of the container mean nothing before there is one. */
function fit(spec) {
  return spec.width === "container" ? { ...spec, width: Math.max(200, innerWidth - 80) } : spec;
}

draw().catch(fail);
