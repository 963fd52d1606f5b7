// Shown instead of everything else to people who have not signed in, on a stage without guests.
import { signInProblem } from "../../state/known-account.ts";
import { Brand } from "../brand.tsx";
import { StatusPage } from "../status-page.tsx";
import { SignInButton } from "./account-control.tsx";

export function SignInPage() {
  return (
    <main class="lone-page">
      <Brand />
      <StatusPage title="Sign in to enter">
        <p>Only people with an account can see and write in these rooms.</p>
        {signInProblem.value !== undefined && <p class="problem">{signInProblem.value}</p>}
        <SignInButton primary />
      </StatusPage>
    </main>
  );
}
