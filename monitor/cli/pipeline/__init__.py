"""Commands that run single steps on given input, without a store."""
