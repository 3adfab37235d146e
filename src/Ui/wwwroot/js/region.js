const names = ["x", "y", "width", "height"];

/** [data-region]: a part of a picture is drawn on it; four number fields say the same in percent, and either follows the other. */
export function bindRegions(root) {
  for (const field of root.querySelectorAll("[data-region]:not([data-bound])")) {
    field.dataset.bound = "1";
    const picture = field.querySelector("[data-region-picture]");
    const box = field.querySelector("svg rect");
    const numbers = names.map((name) => field.querySelector(`[data-region-number="${name}"]`));
    const show = () => names.forEach((name, at) => box.setAttribute(name, String(Number(numbers[at].value) || 0)));
    for (const number of numbers) number.addEventListener("input", show);
    draw(picture, (region) => {
      numbers.forEach((number, at) => { number.value = region ? (region[at] * 100).toFixed(2).replace(/\.?0+$/, "") : ""; });
      show();
    });
  }
}

/** Tells the region, as fractions, while it is drawn; null for a mere press. */
export function draw(picture, tell) {
  let from = null;
  const at = (event) => {
    const frame = picture.getBoundingClientRect();
    const share = (part) => Math.min(1, Math.max(0, part));
    return [share((event.clientX - frame.left) / frame.width), share((event.clientY - frame.top) / frame.height)];
  };
  const boxTo = ([x, y]) => [Math.min(from[0], x), Math.min(from[1], y), Math.abs(from[0] - x), Math.abs(from[1] - y)];
  picture.addEventListener("dragstart", (event) => event.preventDefault());
  picture.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    picture.setPointerCapture(event.pointerId);
    from = at(event);
  });
  picture.addEventListener("pointermove", (event) => { if (from) tell(boxTo(at(event))); });
  picture.addEventListener("pointercancel", () => { from = null; });
  picture.addEventListener("pointerup", (event) => {
    if (!from) return;
    const box = boxTo(at(event));
    from = null;
    tell(box[2] < 0.01 || box[3] < 0.01 ? null : box);
  });
}
