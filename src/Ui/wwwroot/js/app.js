// Behaviours are bound by data- attributes; a page without this script still reads and comments.
import { bindChoices } from "./choices.js";
import { bindComments } from "./comment.js";
import { bindCompare } from "./compare.js";
import { bindCopy } from "./copy.js";
import { bindForms, bindWaysBack } from "./form.js";
import { bindFrames } from "./frame.js";
import { bindKeyboard } from "./keyboard.js";
import { bindLater } from "./later.js";
import { bindLazy } from "./lazy.js";
import { bindLogs } from "./log.js";
import { bindMenus, openTarget } from "./menu.js";
import { bindOrigins } from "./origin.js";
import { bindRefresh } from "./refresh.js";
import { bindRegions } from "./region.js";
import { bindTheme } from "./theme.js";
import { bindTimes } from "./time.js";

/** Behaviours of elements; called again for every fragment that arrives later. */
function bind(root) {
  bindCopy(root);
  bindTimes(root);
  bindCompare(root);
  bindLogs(root);
  bindRefresh(root, bind);
  bindRegions(root);
  bindLazy(root);
  bindLater(root, bind);
  bindChoices(root);
}

bindTheme(document);
bindMenus(document);
bindForms(document, bind);
bindWaysBack(document);
bindComments(document, bind);
bindKeyboard(document);
bindFrames(document);
bindOrigins(document, bind);
bind(document);
openTarget();

// Modules with scripts of their own bind what arrived later too.
document.addEventListener("squero:bind", (event) => bind(event.target));
