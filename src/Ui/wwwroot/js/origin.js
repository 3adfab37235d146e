/** [data-origin] leads to a page with a [data-made] part: it opens below the element the link stands in, and closes again. */
export function bindOrigins(root, bind) {
  root.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-origin]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const open = link.dataset.origin === "open";
    if (open) close(link);
    else show(link, bind);
  });
}

function close(link) {
  link.dataset.origin = "";
  link.setAttribute("aria-expanded", "false");
  const next = link.parentElement.nextElementSibling;
  if (next?.matches("[data-made]")) next.remove();
}

async function show(link, bind) {
  link.dataset.origin = "open";
  link.setAttribute("aria-expanded", "true");
  try {
    const answer = await fetch(link.href, { headers: { Accept: "text/html" } });
    const page = answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    const made = page?.querySelector("[data-made]");
    if (!made) throw new Error(String(answer.status));
    link.parentElement.after(document.adoptNode(made));
    bind(made);
  } catch {
    // The page itself says what is wrong.
    location.assign(link.href);
  }
}
