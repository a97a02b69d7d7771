/* Puts what the catalogue offers to say into a reason when the officer chooses what is wrong.

   select with option[data-remedy]   what is wrong; in the same [data-repeat-row] stands the textarea "…-remedy"
   What was typed there is never replaced: only an empty text, or one that the catalogue put there.
*/
(() => {
  "use strict";

  const offered = (option) => (option && option.dataset.remedy) || "";

  document.addEventListener("change", (event) => {
    const select = event.target.closest("select");
    const row = select && select.closest("[data-repeat-row]");
    const text = row && row.querySelector('textarea[name$="-remedy"]');
    if (!text || !select.querySelector("option[data-remedy]")) return;
    const isOffered = [...select.options].some((option) => offered(option) === text.value);
    if (text.value === "" || isOffered) text.value = offered(select.selectedOptions[0]);
  });
})();
