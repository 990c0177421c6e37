// Resolves the modules of React Native and Expo, which Node cannot load, to one module that stands for all of them.

const STANDS_FOR = new Set(["expo-constants", "expo-linking", "expo-network", "expo-web-browser", "react-native"]);

export function resolve(specifier, context, next) {
  if (!STANDS_FOR.has(specifier)) return next(specifier, context);
  return { url: new URL("modules.mjs", import.meta.url).href, shortCircuit: true };
}
