/* Counts a text message while it is written, as it will be sent: with the signature, its places filled with the sample.

   [data-sms-count]    the line that says it, in the same form as textarea[name=sms]; data-signature is the length of the
                       signature, data-longest the most characters, data-lengths the length of each place in the sample,
                       data-words its wording with {count}, {longest} and {messages}
   70 characters are one message, more are sent in parts of 67 (registry/rules/notice_texts.py).
*/
(() => {
  "use strict";

  const ALONE = 70;
  const IN_PARTS = 67;

  for (const line of document.querySelectorAll("[data-sms-count]")) {
    const text = line.closest("form").elements.namedItem("sms");
    const lengths = JSON.parse(line.dataset.lengths);
    const filled = () => text.value.trim().replace(/\{([a-z][a-z_]*)\}/g, (place, name) =>
      name in lengths ? "x".repeat(lengths[name]) : place);
    text.addEventListener("input", () => {
      const count = [...filled()].length + Number(line.dataset.signature);
      const messages = count <= ALONE ? 1 : Math.ceil(count / IN_PARTS);
      const facts = { count, messages, longest: line.dataset.longest };
      line.textContent = line.dataset.words.replace(/\{(count|longest|messages)\}/g, (place, name) => facts[name]);
      line.classList.toggle("note--bad", count > Number(line.dataset.longest));
    });
  }
})();
