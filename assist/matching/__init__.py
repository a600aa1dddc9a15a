"""Who should help whom? The policy proposes, the scripts dispose, the worker keeps the time."""
