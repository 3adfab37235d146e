import { openForm } from "./comment.js";

const modes = { "side": "2-up", "swipe": "Swipe", "onion": "Onion", "difference": "Difference" };

/** [data-image-compare]: adds the switch of views, and a mode in which one draws a region to comment on. */
export function bindCompare(root) {
  for (const figure of root.querySelectorAll("[data-image-compare]:not([data-bound])")) {
    figure.dataset.bound = "1";
    const sides = [...figure.querySelectorAll(".compare__side")];
    const bar = document.createElement("div");
    bar.className = "compare__bar";
    if (sides.every((side) => side.querySelector("img"))) addModes(figure, bar);
    if (figure.dataset.anchor) addRegions(figure, bar);
    if (bar.children.length) figure.prepend(bar);
  }
}

function addModes(figure, bar) {
  const group = document.createElement("div");
  group.className = "segments";
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", "How to compare");
  const share = document.createElement("input");
  share.type = "range";
  share.setAttribute("aria-label", "How much of the new image shows");
  share.addEventListener("input", () => setShare(figure, share.value));
  const choose = (mode) => {
    figure.dataset.mode = mode;
    share.hidden = mode !== "swipe" && mode !== "onion";
    for (const button of group.children) button.setAttribute("aria-pressed", String(button.value === mode));
  };
  for (const [mode, word] of Object.entries(modes)) {
    const button = document.createElement("button");
    button.type = "button";
    button.value = mode;
    button.textContent = word;
    button.addEventListener("click", () => choose(mode));
    group.append(button);
  }
  bar.append(group, share);
  choose("side");
  followPointer(figure, share);
}

function setShare(figure, percent) {
  figure.style.setProperty("--share", `${percent}%`);
}

/** A mouse wipes as it moves, a finger where it is put down and dragged sideways; up and down it scrolls the page. */
function followPointer(figure, share) {
  const stage = figure.querySelector(".compare__stage");
  const wipe = (event) => {
    if (figure.dataset.mode !== "swipe" || "commenting" in figure.dataset) return;
    const box = stage.getBoundingClientRect();
    share.value = String(Math.round(((event.clientX - box.left) / box.width) * 100));
    setShare(figure, share.value);
  };
  stage.addEventListener("pointerdown", wipe);
  stage.addEventListener("pointermove", wipe);
}

function addRegions(figure, bar) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--small";
  button.textContent = "Comment";
  button.title = "Draw a region to comment on";
  button.setAttribute("aria-pressed", "false");
  button.addEventListener("click", () => {
    const on = figure.toggleAttribute("data-commenting");
    button.setAttribute("aria-pressed", String(on));
    button.textContent = on ? "Draw a region, or press here for the whole image" : "Comment";
    if (!on) openForm(figure, figure.dataset.anchor);
  });
  bar.append(button);
  const side = figure.querySelector(".compare__side--new img") ? ".compare__side--new" : ".compare__side--old";
  const image = figure.querySelector(`${side} img`);
  if (image) drawOn(figure, image, () => {
    figure.removeAttribute("data-commenting");
    button.setAttribute("aria-pressed", "false");
    button.textContent = "Comment";
  });
}

function drawOn(figure, image, done) {
  let from = null;
  let region = null;
  const at = (event) => {
    const box = image.getBoundingClientRect();
    const clamp = (share) => Math.min(1, Math.max(0, share));
    return [clamp((event.clientX - box.left) / box.width), clamp((event.clientY - box.top) / box.height)];
  };
  image.addEventListener("dragstart", (event) => event.preventDefault());
  image.addEventListener("pointerdown", (event) => {
    if (!("commenting" in figure.dataset)) return;
    event.preventDefault();
    image.setPointerCapture(event.pointerId);
    from = at(event);
    figure.querySelectorAll(".compare__region[data-new]").forEach((old) => old.remove());
    region = document.createElement("div");
    region.className = "compare__region";
    region.dataset.new = "1";
    image.parentElement.append(region);
  });
  image.addEventListener("pointermove", (event) => {
    if (from) showRegion(region, image, boxOf(from, at(event)));
  });
  image.addEventListener("pointercancel", () => {
    from = null;
    region?.remove();
  });
  image.addEventListener("pointerup", (event) => {
    if (!from) return;
    const box = boxOf(from, at(event));
    from = null;
    if (box[2] < 0.01 || box[3] < 0.01) return;
    done();
    openForm(figure, figure.dataset.anchor, { region: box.map((share) => share.toFixed(4)).join(",") });
  });
}

function boxOf([x1, y1], [x2, y2]) {
  return [Math.min(x1, x2), Math.min(y1, y2), Math.abs(x2 - x1), Math.abs(y2 - y1)];
}

function showRegion(region, image, [x, y, width, height]) {
  region.style.left = `${image.offsetLeft + x * image.offsetWidth}px`;
  region.style.top = `${image.offsetTop + y * image.offsetHeight}px`;
  region.style.width = `${width * image.offsetWidth}px`;
  region.style.height = `${height * image.offsetHeight}px`;
}
