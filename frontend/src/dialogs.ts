// Opens a `<dialog>` from a button that names it.
// In: clicks on `[data-opens=ID]`. Out: the dialog, modal; Escape and its own form close it.

document.addEventListener("click", (event) => {
  const button = (event.target as Element).closest<HTMLElement>("[data-opens]");
  if (!button) return;
  const dialog = document.getElementById(button.dataset.opens!);
  if (dialog instanceof HTMLDialogElement) {
    event.preventDefault();
    dialog.showModal();
  }
});
