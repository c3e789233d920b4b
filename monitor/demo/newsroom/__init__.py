"""The bundled newsroom: invented outlets served over real HTTP on loopback."""
