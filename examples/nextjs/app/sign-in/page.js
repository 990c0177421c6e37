import { signIn } from "../actions";

export default async function SignIn({ searchParams }) {
  const { error } = await searchParams;
  return (
    <form action={signIn}>
      <h1>Sign in</h1>
      {error && <p role="alert">{error === "429" ? "Too many attempts" : "Wrong address or password"}</p>}
      <input name="email" type="email" required />
      <input name="password" type="password" required />
      <button>Sign in</button>
    </form>
  );
}
