// What the official Expo client imports of React Native and of Expo, on a phone with one application.

/** The scheme of the application. */
export const SCHEME = "myapp";

/** The URLs that the application opened in a browser, with the URL at which it waits for the browser's return. */
export const opened = [];

// react-native
export const Platform = { OS: "ios" };
export const AppState = { addEventListener: () => ({ remove() {} }) };

// expo-constants
export default { expoConfig: { scheme: SCHEME } };

// expo-linking
export const createURL = (path, { scheme }) => `${scheme}://${path.replace(/^\//, "")}`;

// expo-network
export const addNetworkStateListener = () => ({ remove() {} });

// expo-web-browser
export async function openAuthSessionAsync(url, returnsTo) {
  opened.push({ url: new URL(url), returnsTo });
  return { type: "cancel" };
}
