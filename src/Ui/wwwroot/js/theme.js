/** [data-theme-switch]: auto, light or dark, kept in a cookie so that the server draws it from the start. */
export function bindTheme(root) {
  const switches = [...root.querySelectorAll("[data-theme-switch]")];
  const show = () => {
    const theme = document.documentElement.dataset.theme ?? "";
    for (const button of switches.flatMap((group) => [...group.children]))
      button.setAttribute("aria-pressed", String(button.value === theme));
  };
  for (const group of switches) {
    group.hidden = false;
    group.addEventListener("click", (event) => {
      if (!(event.target instanceof HTMLButtonElement)) return;
      choose(event.target.value);
      show();
    });
  }
  show();
}

function choose(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  const age = theme ? 60 * 60 * 24 * 365 : 0;
  document.cookie = `squero-theme=${theme}; path=/; max-age=${age}; samesite=lax`;
}
