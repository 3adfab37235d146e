/**
 * What somebody has selected, as fields of a comment form on the host: lines from and to inside its text (a pre), or the anchor of
 * the first of the rows selected that ends at it. Null when the selection is elsewhere.
 */
export function readSelection(host) {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount || !host) return null;
  const range = selection.getRangeAt(0);
  const text = host.querySelector("pre");
  if (text?.contains(range.startContainer) && text.contains(range.endContainer)) return linesOf(text, range);
  const first = anchorOf(range.startContainer);
  return first && first !== host && first.parentElement === host.parentElement && range.intersectsNode(host) ? { from: first.dataset.anchor } : null;
}

function linesOf(text, range) {
  const before = document.createRange();
  before.setStart(text, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const count = (words) => words.split("\n").length - 1;
  const line = count(before.toString()) + 1;
  return { line: String(line), end_line: String(line + count(range.toString().replace(/\n$/, ""))) };
}

function anchorOf(node) {
  return (node instanceof Element ? node : node.parentElement)?.closest("[data-anchor]");
}
