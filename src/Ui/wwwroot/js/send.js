/**
 * Forms are sent without leaving the page, so that a refusal stands where the reader looks and nothing that was typed is lost.
 * The server answers with an address to go to (Squero-Location), with the sentence of a refusal, or with a page, of which the
 * main part is taken. Without this script a form is sent by the browser, and a refusal is a page with a way back.
 */
export async function send(form, submitter, bind) {
  clearRefusals(form);
  form.setAttribute("aria-busy", "true");
  try {
    const answer = await post(form, submitter);
    const address = answer.headers.get("Squero-Location");
    if (address !== null) return go(form, address);
    if (answer.headers.get("content-type")?.startsWith("text/html")) return show(await answer.text(), submitter?.formAction, bind);
    refuse(form, submitter, (await answer.json()).sentence);
  } catch {
    refuse(form, submitter, "No answer came from the server. What you typed is still here; before you send it again, look in another tab whether it arrived.");
  }
  form.removeAttribute("aria-busy");
  delete form.dataset.sent;
}

function post(form, submitter) {
  const fields = new FormData(form, submitter);
  const hasFiles = [...fields.values()].some((value) => value instanceof File);
  const body = hasFiles ? fields : new URLSearchParams(fields);
  const address = submitter?.hasAttribute("formaction") ? submitter.formAction : new URL(form.getAttribute("action"), location.href);
  return fetch(address, {
    method: "POST",
    body,
    headers: { Accept: "text/html", "Squero-Form": "in-place" },
    // Goes on when the reader leaves meanwhile; browsers carry 64 KB so.
    keepalive: !hasFiles && String(body).length < 60_000,
  });
}

function go(form, address) {
  form.dispatchEvent(new CustomEvent("squero:sent", { bubbles: true }));
  const to = new URL(address, location.href);
  if (to.pathname + to.search !== location.pathname + location.search) return location.assign(to);
  // The same page with news in it: another fragment alone would not load it.
  if (to.hash) history.scrollRestoration = "manual";
  history.replaceState(null, "", to);
  location.reload();
}

function show(html, address, bind) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const main = page.querySelector("main");
  document.title = page.title;
  document.querySelector("main").replaceWith(main);
  bind(main);
  const part = address && document.getElementById(new URL(address).hash.slice(1));
  if (part) return part.scrollIntoView();
  scrollTo(0, 0);
  main.focus({ preventScroll: true });
}

/** Above the buttons of a form; where a button is all of the form, below it. */
function refuse(form, submitter, sentence) {
  const notice = document.createElement("p");
  notice.className = "notice notice--bad refusal";
  notice.setAttribute("role", "alert");
  notice.dataset.refusal = "";
  notice.textContent = sentence;
  const buttons = form.querySelector(".form-actions");
  if (buttons) buttons.before(notice);
  else form.append(notice);
  notice.scrollIntoView({ block: "nearest" });
}

function clearRefusals(form) {
  form.querySelectorAll("[data-refusal]").forEach((notice) => notice.remove());
}
