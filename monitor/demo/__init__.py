"""The demo: the bundled newsroom on loopback and the real service against it."""
