// The words for a sign-in that has ended, or that cannot begin.
export const SIGN_IN_UNREACHABLE =
  "The sign-in page cannot be reached at the moment. Check your connection, then try again.";

export const SIGN_IN_EXPIRED = "Your sign-in has expired.";
