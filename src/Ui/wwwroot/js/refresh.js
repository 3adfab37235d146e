/**
 * [data-refresh-src]: the fragment is fetched every data-refresh-ms and replaces what is inside, until it carries
 * data-final. Waits while the tab is hidden, and longer after each failure. With the last word other parts of the page
 * change too (what one can do, what was made): those with data-after-refresh are then taken from the page itself, once.
 */
export function bindRefresh(root, bind) {
  for (const region of root.querySelectorAll("[data-refresh-src]:not([data-bound])")) {
    region.dataset.bound = "1";
    follow(region, bind);
  }
}

async function follow(region, bind) {
  const pause = Math.max(500, Number(region.dataset.refreshMs) || 3000);
  for (let failures = 0; failures < 8;) {
    await wait(pause * 2 ** failures);
    if (!region.isConnected) return;
    if (document.hidden || region.contains(document.activeElement) && document.activeElement.matches("input, textarea, select")) continue;
    try {
      const answer = await fetch(region.dataset.refreshSrc, { headers: { accept: "text/html" }, credentials: "same-origin" });
      if (answer.status === 404 || answer.status === 403 || answer.redirected) return;
      if (!answer.ok) throw new Error(String(answer.status));
      failures = 0;
      if (replace(region, await answer.text(), bind)) return await renew(bind);
    } catch {
      failures++;
    }
  }
}

const shown = new WeakMap();

function wait(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** True when nothing more will change. */
function replace(region, html, bind) {
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  const final = fresh.content.querySelector("[data-final]") !== null;
  if (shown.get(region) === html) return final;
  shown.set(region, html);
  const open = [...region.querySelectorAll("details[open][id]")].map((fold) => fold.id);
  region.replaceChildren(fresh.content);
  for (const id of open) region.querySelector(`#${CSS.escape(id)}`)?.setAttribute("open", "");
  bind(region);
  return final;
}

async function renew(bind) {
  const parts = [...document.querySelectorAll("[data-after-refresh]")];
  if (parts.length === 0) return;
  const answer = await fetch(location.href, { headers: { accept: "text/html" }, credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of parts) {
    const fresh = page.querySelector(`[data-after-refresh="${CSS.escape(part.dataset.afterRefresh)}"]`);
    if (!fresh) continue;
    const hadFocus = part.contains(document.activeElement);
    part.replaceChildren(...fresh.childNodes);
    bind(part);
    if (hadFocus) part.querySelector("button, a")?.focus();
  }
}
