"""One module a command; its docstring says what it does."""
