"""How much does it carry, and how well? Programs that measure and print; none is a timed test."""
