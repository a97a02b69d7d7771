/* Puts one of the officer's own texts, or the catalogue's words, into a field where the cursor stands.

   [data-insert]                     around the select of the texts and its buttons; [data-insert-said] in it says what
                                     happened
   button[data-insert-into="id"]     puts the chosen text into this field in place of what is selected there; its
                                     data-too-long says that there is no room
   template[data-insert-texts]       the texts, each in an element with data-text, the value it is chosen by
   Undo takes it out again, as if it had been typed. Without this script, or with nothing chosen, the button sends the
   form and the server answers.
*/
(() => {
  "use strict";

  const textOf = (key) => {
    for (const source of document.querySelectorAll("template[data-insert-texts]")) {
      for (const each of source.content.querySelectorAll("[data-text]")) {
        if (each.dataset.text === key) return each.textContent;
      }
    }
    return null;
  };

  const hasRoom = (field, text) => {
    if (field.maxLength < 0) return true;
    const kept = field.value.length - (field.selectionEnd - field.selectionStart);
    return kept + text.length <= field.maxLength;
  };

  const put = (field, text) => {
    field.focus();
    // Only so does undo know of it.
    if (document.execCommand("insertText", false, text)) return;
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-insert-into]");
    const around = button && button.closest("[data-insert]");
    const select = around && around.querySelector("select");
    const field = button && document.getElementById(button.dataset.insertInto);
    const text = select && select.value ? textOf(select.value) : null;
    if (!field || text === null) return;
    event.preventDefault();
    const said = around.querySelector("[data-insert-said]");
    said.textContent = "";
    if (!hasRoom(field, text)) {
      said.textContent = button.dataset.tooLong;
      return;
    }
    select.value = "";
    put(field, text);
  });
})();
