const wanted = {
  charts: "[data-chart]",
  tables: "form[data-columns], input[data-suggest], [data-parallel], [data-live]",
  math: "[data-math]:not([data-bound])",
  code: "[data-code-lines]:not([data-code-lines='']), pre code[class^='language-'], [data-language] [data-language]:not([data-bound])",
};

let coming = 0;

/** Libraries come only to pages that use them; their addresses stand on <html>, which is data-loading until they have bound. */
export function bindLazy(root) {
  for (const [name, selector] of Object.entries(wanted)) {
    if (root.querySelector(selector)) load(name, root);
  }
}

async function load(name, root) {
  const places = document.documentElement;
  const address = places.getAttribute(`data-library-${name}`);
  if (!address) return;
  addStyles(places.getAttribute(`data-library-${name}-css`));
  places.toggleAttribute("data-loading", ++coming > 0);
  try {
    const module = await import(address);
    module.bind(root);
  } finally {
    places.toggleAttribute("data-loading", --coming > 0);
  }
}

function addStyles(address) {
  if (!address || document.querySelector(`link[href="${CSS.escape(address)}"]`)) return;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = address;
  document.head.append(link);
}
