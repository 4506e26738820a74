// WebKit on a Linux without a language says that the browser's is "C". `Intl` refuses that, and
// uPlot, which asks for it while it is loaded, took the whole of the training view with it.
try {
  new Intl.Locale(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en' });
}
