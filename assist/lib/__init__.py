"""Tools without opinions: the environment, Redis, clocks, ids."""
