"""What benches are made of: corpora, peers, worlds. Each file one folder up is a bench."""
