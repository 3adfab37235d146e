import katex from "katex";
import "katex/dist/katex.min.css";

/** [data-math]: TeX as a formula; what KaTeX cannot read stays as it was written. */
export function bind(root) {
  for (const element of root.querySelectorAll("[data-math]:not([data-bound])")) {
    element.dataset.bound = "1";
    const text = element.textContent;
    if (text.length > 4000) continue;
    try {
      katex.render(text, element, { displayMode: element.dataset.math === "block", trust: false, maxExpand: 500, maxSize: 20 });
      // A drawn formula does not wrap: whoever has no pointer scrolls it with the arrow keys.
      if (element.dataset.math === "block") element.tabIndex = 0;
    } catch {
      element.textContent = text;
      element.classList.add("mono");
    }
  }
}
