"""Evidence in a database: ``append`` writes inside a job's commit, ``records`` reads, prunes, finds cases."""
