/** What a chart's frame has in common: its description, a sentence when it fails, and its height for the page around. */
export function readSpec() {
  return JSON.parse(document.getElementById("spec").textContent);
}

export function fail(error) {
  const sentence = document.createElement("p");
  sentence.className = "refused";
  sentence.textContent = `This chart cannot be drawn: ${String(error?.message ?? error).slice(0, 300)}`;
  document.body.append(sentence);
  tellHeight();
}

export function tellHeight() {
  const send = () => parent.postMessage({ frameHeight: Math.ceil(document.body.getBoundingClientRect().height) + 18 }, "*");
  send();
  new ResizeObserver(send).observe(document.body);
}
