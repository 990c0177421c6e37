import { redirect } from "next/navigation";

import { getSession } from "../lib/portcullis";
import { signOutEverywhere } from "./actions";

export default async function Home() {
  const session = await getSession();
  if (!session) redirect("/sign-in");
  return (
    <main>
      <h1>Hello, {session.user.name}</h1>
      <p>Your plan: {session.user.plan}</p>
      <form action={signOutEverywhere}>
        <button>Sign out everywhere</button>
      </form>
    </main>
  );
}
