// What tables and their charts do, for pages that have them.
import { bindColumns } from "./columns.js";
import { bindParallel } from "./parallel.js";
import { bindSuggestions } from "./suggest.js";

export function bind(root) {
  bindColumns(root);
  bindParallel(root);
  bindSuggestions(root);
}
