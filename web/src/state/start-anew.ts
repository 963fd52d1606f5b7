// Leaves nothing in memory of a person who has deleted their data, in any tab.
import { closeStorage, loadItem, onStorageChange } from "../browser/storage.ts";
import { lobbyHref } from "./route.ts";

const erasedBefore = loadItem("erased");

/** Loads the page again in the lobby, or leaves for `address`. */
export function startAnew(address?: string): void {
  closeStorage();
  if (address !== undefined) {
    location.assign(address);
    return;
  }
  location.hash = lobbyHref;
  location.reload();
}

export function startAnewWhenErased(): void {
  onStorageChange(() => {
    if (loadItem("erased") !== erasedBefore) startAnew();
  });
}
