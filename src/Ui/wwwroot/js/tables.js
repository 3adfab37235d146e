// What tables and their charts do, for pages that have them.
import { bindColumns } from "./columns.js";
import { bindLive } from "./live.js";
import { bindParallel } from "./parallel.js";
import { bindSuggestions } from "./suggest.js";

export function bind(root) {
  bindColumns(root);
  bindLive(root);
  bindParallel(root);
  bindSuggestions(root);
}
