/**
 * [data-later] holds a link to the same page with more of a long document: when the reader comes near, the linked page's part
 * (the element with the id of ours) takes the link's place. Without this script the link is followed.
 */
export function bindLater(root, bind) {
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      watcher.unobserve(entry.target);
      load(entry.target, bind);
    }
  }, { rootMargin: "1500px 0px" });
  for (const later of root.querySelectorAll("[data-later]:not([data-bound])")) {
    later.dataset.bound = "1";
    watcher.observe(later);
  }
}

async function load(later, bind) {
  const link = later.querySelector("a");
  const id = later.parentElement?.id;
  if (!link || !id) return;
  later.setAttribute("aria-busy", "true");
  const part = await fetchPart(link.href, id);
  later.removeAttribute("aria-busy");
  if (!part) return;
  part.querySelector(".nb-earlier")?.remove();
  const holder = document.createDocumentFragment();
  const arrived = [...part.children];
  holder.append(...arrived.map((child) => document.adoptNode(child)));
  const parent = later.parentElement;
  later.replaceWith(holder);
  bind(parent);
}

async function fetchPart(address, id) {
  try {
    const answer = await fetch(address);
    if (!answer.ok) return null;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return page.getElementById(id);
  } catch {
    return null;
  }
}
