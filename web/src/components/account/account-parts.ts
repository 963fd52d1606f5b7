// Who this person is, and all that the page shows of accounts.
import { renewHandle } from "../../state/handles.ts";
import { startAnewWhenErased } from "../../state/start-anew.ts";

export { AccountControl } from "./account-control.tsx";
export { AccountNotice } from "./account-notice.tsx";
export { SignInOffer } from "./sign-in-offer.tsx";
export { SignInPage } from "./sign-in-page.tsx";

void renewHandle();
startAnewWhenErased();
