"""Hændelser: suspicion, charge, sentence, remand and the like, and the recidivism derived from them."""
