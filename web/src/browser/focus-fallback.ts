// When the element that has the focus leaves the document, the focus would fall to the page's beginning. It goes to the
// nearest place that is still there instead: the list item, the one before it, or the region.

export function keepFocus(root: HTMLElement): void {
  let focused: Element | undefined;
  let places: (Element | null | undefined)[] = [];
  root.addEventListener("focusin", ({ target }) => {
    focused = target as Element;
    const item = focused.closest("li");
    places = [item, item?.previousElementSibling, focused.closest("section, dialog"), focused.closest("main")];
  });
  const onChange = () => {
    if (!focused || focused.isConnected || document.activeElement !== document.body) return;
    focused = undefined;
    const place = places.find((each) => each?.isConnected) as HTMLElement | undefined;
    if (!place) return;
    if (place.tabIndex < 0) place.tabIndex = -1;
    place.focus({ preventScroll: true });
  };
  new MutationObserver(onChange).observe(root, { childList: true, subtree: true });
}
