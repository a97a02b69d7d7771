/* Adds and removes the rows of a repeated group (a Django formset).

   [data-repeat="prefix"]      around the group; finds prefix-TOTAL_FORMS inside it. data-repeat-max limits the rows.
   [data-repeat-rows]          holds the rows
   [data-repeat-row]           one row; [data-repeat-number] in it shows its place, counted from 1
   template[data-repeat-new]   an empty row, with __prefix__ where the row's index belongs
   [data-repeat-add]           a submit button that asks the server for one more row when scripts do not run
   [data-repeat-remove]        in a row, likewise; ticks the row's prefix-n-DELETE box when there is one and hides
                               the row, so that the other rows keep their indexes
   The form gets the event "repeat:added" or "repeat:removed", and "change" so that it is saved.
*/
(() => {
  "use strict";

  const visibleRows = (group) => [...group.querySelectorAll("[data-repeat-row]")].filter((row) => !row.hidden);

  const renumber = (group) => {
    visibleRows(group).forEach((row, index) => {
      for (const number of row.querySelectorAll("[data-repeat-number]")) number.textContent = String(index + 1);
    });
    const add = group.querySelector("[data-repeat-add]");
    const most = Number(group.dataset.repeatMax || 0);
    if (add && most) add.disabled = visibleRows(group).length >= most;
  };

  const tell = (group, name) => {
    group.dispatchEvent(new CustomEvent(name, { bubbles: true }));
    group.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const addRow = (group, prefix) => {
    const total = group.querySelector(`input[name="${prefix}-TOTAL_FORMS"]`);
    const source = group.querySelector("template[data-repeat-new]");
    if (!total || !source) return false;
    const holder = document.createElement("template");
    holder.innerHTML = source.innerHTML.replaceAll("__prefix__", total.value);
    const row = holder.content.querySelector("[data-repeat-row]");
    group.querySelector("[data-repeat-rows]").append(row);
    total.value = String(Number(total.value) + 1);
    renumber(group);
    tell(group, "repeat:added");
    const first = row.querySelector("input:not([type=hidden]), select, textarea");
    if (first) first.focus();
    return true;
  };

  const removeRow = (group, row) => {
    const rows = visibleRows(group);
    const next = rows[rows.indexOf(row) + 1] || rows[rows.indexOf(row) - 1];
    const box = row.querySelector('input[name$="-DELETE"]');
    if (!box) return false;
    box.checked = true;
    row.hidden = true;
    renumber(group);
    tell(group, "repeat:removed");
    const target = (next && next.querySelector("[data-repeat-remove]")) || group.querySelector("[data-repeat-add]");
    if (target) target.focus();
    return true;
  };

  const setUp = (root) => {
    for (const group of root.querySelectorAll("[data-repeat]")) {
      for (const row of group.querySelectorAll("[data-repeat-row]")) {
        const box = row.querySelector('input[name$="-DELETE"]');
        if (box && box.checked) row.hidden = true;
      }
      renumber(group);
      group.addEventListener("click", (event) => {
        const add = event.target.closest("[data-repeat-add]");
        const remove = event.target.closest("[data-repeat-remove]");
        if (add && addRow(group, group.dataset.repeat)) event.preventDefault();
        if (remove && removeRow(group, remove.closest("[data-repeat-row]"))) event.preventDefault();
      });
    }
  };
  setUp(document);
  document.addEventListener("page:replaced", (event) => setUp(event.detail));
})();
