// When the focused element is removed, browsers move the focus to the start of the document. This moves it to the
// nearest remaining place instead: the list item, the item before it, or the enclosing region.

export function restoreLostFocus(root: HTMLElement): void {
  let focused: Element | undefined;
  let fallbacks: (Element | null | undefined)[] = [];
  root.addEventListener("focusin", ({ target }) => {
    focused = target as Element;
    const item = focused.closest("li");
    fallbacks = [item, item?.previousElementSibling, focused.closest("section, dialog"), focused.closest("main")];
  });
  const onChange = () => {
    if (!focused || focused.isConnected || document.activeElement !== document.body) return;
    focused = undefined;
    const fallback = fallbacks.find((each) => each?.isConnected) as HTMLElement | undefined;
    if (!fallback) return;
    if (fallback.tabIndex < 0) fallback.tabIndex = -1;
    fallback.focus({ preventScroll: true });
  };
  new MutationObserver(onChange).observe(root, { childList: true, subtree: true });
}
