// All that the page shows of accounts.
export { AccountControl } from "./account-control.tsx";
export { AccountNotice } from "./account-notice.tsx";
export { SignInOffer } from "./sign-in-offer.tsx";
export { SignInPage } from "./sign-in-page.tsx";
