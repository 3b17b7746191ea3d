"""The app in the browser: what it does, the page, and the server; `vsd-mot app` starts it."""
