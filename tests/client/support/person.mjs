// A user at a browser, with a front end that has a form for each action on an account, and with the inbox of the
// server's development mode.
import { openBrowser } from "./browser.mjs";

/** How often the inbox is read before the search for a message fails. */
const LOOKS = 200;

/** Adds a form for each action, which calls the official client when it is sent. Runs in the page. */
function frontEnd(auth) {
  const back = (note) => `${location.origin}/?${note}`;
  const { searchParams } = new URL(location.href);
  const returns = { callbackURL: back("arrived"), errorCallbackURL: back("failed") };
  const forms = {
    "sign-up": [["name", "email", "password"], (all) => auth.signUp.email({ ...all, callbackURL: back("verified") })],
    "sign-in": [["email", "password"], (all) => auth.signIn.email(all)],
    session: [[], () => auth.getSession()],
    forget: [["email"], (all) => auth.requestPasswordReset({ ...all, redirectTo: back("reset") })],
    reset: [["newPassword"], (all) => auth.resetPassword({ ...all, token: searchParams.get("token") })],
    "change-email": [["newEmail"], (all) => auth.changeEmail({ ...all, callbackURL: back("changed") })],
    "delete-user": [[], () => auth.deleteUser({ callbackURL: back("deleted") })],
    "sign-out": [[], () => auth.signOut()],
    "take-name": [["username"], (all) => auth.updateUser(all)],
    "sign-in-by-name": [["username", "password"], (all) => auth.signIn.username(all)],
    "enable-two-factor": [["password"], (all) => auth.twoFactor.enable(all)],
    "disable-two-factor": [["password"], (all) => auth.twoFactor.disable(all)],
    "verify-totp": [["code"], (all) => auth.twoFactor.verifyTotp(all)],
    "trust-device": [["code"], (all) => auth.twoFactor.verifyTotp({ ...all, trustDevice: true })],
    "send-otp": [[], () => auth.twoFactor.sendOtp()],
    "verify-otp": [["code"], (all) => auth.twoFactor.verifyOtp(all)],
    "verify-backup-code": [["code"], (all) => auth.twoFactor.verifyBackupCode(all)],
    social: [["provider"], (all) => auth.signIn.social({ ...all, ...returns })],
    oauth2: [["providerId"], (all) => auth.signIn.oauth2({ ...all, ...returns })],
    "link-social": [["provider"], (all) => auth.linkSocial({ ...all, ...returns })],
    "list-accounts": [[], () => auth.listAccounts()],
    "create-organization": [["name", "slug"], (all) => auth.organization.create(all)],
    "invite-member": [["email", "role"], (all) => auth.organization.inviteMember(all)],
    "accept-invitation": [
      [],
      () => auth.organization.acceptInvitation({ invitationId: searchParams.get("invitationId") }),
    ],
    "full-organization": [[], () => auth.organization.getFullOrganization()],
    "list-organizations": [[], () => auth.organization.list()],
    "create-team": [["name"], (all) => auth.organization.createTeam(all)],
    "add-team-member": [["teamId", "userId"], (all) => auth.organization.addTeamMember(all)],
    "set-active-team": [["teamId"], (all) => auth.organization.setActiveTeam(all)],
    "list-team-members": [[], () => auth.organization.listTeamMembers()],
    "add-passkey": [["name"], (all) => auth.passkey.addPasskey(all)],
    "sign-in-by-passkey": [[], () => auth.signIn.passkey()],
    "sign-in-by-autofill": [[], () => auth.signIn.passkey({ autoFill: true })],
    "list-passkeys": [[], () => auth.passkey.listUserPasskeys()],
    "rename-passkey": [["id", "name"], (all) => auth.passkey.updatePasskey(all)],
    "delete-passkey": [["id"], (all) => auth.passkey.deletePasskey(all)],
    "remove-member": [["memberIdOrEmail"], (all) => auth.organization.removeMember(all)],
  };
  const output = document.createElement("output");
  for (const [name, [fields, act]] of Object.entries(forms)) {
    const form = document.createElement("form");
    form.id = name;
    for (const field of fields) form.append(Object.assign(document.createElement("input"), { name: field }));
    if (name === "sign-in") form.querySelector("input").autocomplete = "username webauthn";
    form.append(Object.assign(document.createElement("button"), { textContent: name }));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      output.textContent = "";
      output.textContent = JSON.stringify(await act(Object.fromEntries(new FormData(form))));
    });
    document.body.append(form);
  }
  document.body.append(output);
}

/** Finds the link or the code in the newest message of a kind to an address. Runs in the inbox. */
function findContent(kind, to) {
  const messages = [...document.querySelectorAll(`li[data-kind="${kind}"]`)];
  const message = messages.find((item) => item.querySelector(".to").textContent === `To ${to}`);
  return message?.querySelector("a.follow, .code");
}

export class Person {
  #server;
  #site;
  #browser;

  /** Opens a new browser without cookies. The server must trust the site's origin. */
  static async come(server, site) {
    site.lay(`
      import { passkeyClient } from "@better-auth/passkey/client";
      import { createAuthClient } from "better-auth/client";
      import {
        genericOAuthClient,
        organizationClient,
        twoFactorClient,
        usernameClient,
      } from "better-auth/client/plugins";
      const onTwoFactorRedirect = () => history.replaceState(null, "", "#second-factor");
      (${frontEnd})(createAuthClient({
        baseURL: ${JSON.stringify(server.origin)},
        plugins: [
          genericOAuthClient(),
          passkeyClient(),
          usernameClient(),
          twoFactorClient({ onTwoFactorRedirect }),
          organizationClient({ teams: { enabled: true } }),
        ],
      }));`);
    const person = new Person();
    person.#server = server;
    person.#site = site;
    person.#browser = await openBrowser();
    person.tab = await person.#browser.newTab();
    return person;
  }

  leave() {
    return this.#browser.stop();
  }

  /** The same user at another tab of the same browser. */
  async atAnotherTab() {
    const person = new Person();
    person.#server = this.#server;
    person.#site = this.#site;
    person.#browser = this.#browser;
    person.tab = await this.#browser.newTab();
    return person;
  }

  /** Opens the front end, and sends one of its forms, which leads to another page. Waits until that is loaded. */
  async depart(form, fields) {
    await this.tab.open(`${this.#site.origin}/`);
    for (const [name, text] of Object.entries(fields)) await this.tab.type(`#${form} [name=${name}]`, text);
    await this.tab.follow(`#${form} button`);
  }

  /** Waits until the front end is loaded again, and returns its URL. */
  async returned() {
    const isBack = (origin) => location.origin === origin && document.querySelector("output") && location.href;
    return new URL(await this.tab.until(isBack, this.#site.origin));
  }

  /** Opens the front end, fills in and sends one of its forms, and returns the client's result. */
  async send(form, fields = {}) {
    await this.tab.open(`${this.#site.origin}/`);
    return this.sendHere(form, fields);
  }

  /** As `send`, on the current page. */
  async sendHere(form, fields = {}) {
    for (const [name, text] of Object.entries(fields)) await this.tab.type(`#${form} [name=${name}]`, text);
    await this.tab.click(`#${form} button`);
    return JSON.parse(await this.tab.until(() => document.querySelector("output").textContent));
  }

  /** Opens the inbox and reloads it until it lists a message of this kind to this address. */
  async lookFor(kind, to) {
    await this.tab.open(`${this.#server.origin}/dev/inbox`);
    for (let look = 0; look < LOOKS; look += 1) {
      if (await this.tab.evaluate(`(...args) => Boolean((${findContent})(...args))`, kind, to)) return;
      await this.tab.follow("a.again");
    }
    throw new Error(`no ${kind} message to ${to} arrived`);
  }

  /** Follows the link in such a message, and returns the URL at which the redirects end. */
  async followMail(kind, to) {
    await this.lookFor(kind, to);
    await this.tab.follow(findContent, kind, to);
    return new URL(await this.tab.evaluate(() => location.href));
  }

  /** Returns the code in such a message. */
  async readCode(kind, to) {
    await this.lookFor(kind, to);
    return this.tab.evaluate(`(...args) => (${findContent})(...args).textContent`, kind, to);
  }

  /** Whether the client of the current page was asked for a second factor. */
  isChallenged() {
    return this.tab.evaluate(() => location.hash === "#second-factor");
  }
}
