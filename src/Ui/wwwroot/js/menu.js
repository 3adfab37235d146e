/** details[data-menu]: closes by Escape and by a click elsewhere. */
export function bindMenus(root) {
  const open = () => root.querySelectorAll("details[data-menu][open]");
  root.addEventListener("click", (event) => {
    for (const menu of open())
      if (!menu.contains(event.target)) menu.open = false;
  });
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  });
  // The side column is folded away where it would push the work down.
  if (matchMedia("(width < 64rem)").matches)
    for (const fold of root.querySelectorAll(".side-page__fold")) fold.open = false;
  addEventListener("hashchange", openTarget);
}

/** What the address points at is unfolded first. */
export function openTarget() {
  const id = decodeURIComponent(location.hash.slice(1));
  const target = id && document.getElementById(id);
  if (!target) return;
  let folded = false;
  for (let fold = target.closest("details:not([open])"); fold; fold = fold.parentElement.closest("details:not([open])")) {
    fold.open = true;
    folded = true;
  }
  if (folded) target.scrollIntoView({ block: "center" });
}
