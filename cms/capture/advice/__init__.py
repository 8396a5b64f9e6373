"""«Pedir asesoría»: people who capture ask, the institute answers, and both read the whole."""
