"""How did it go? Two questions after each Call, and a way to report a problem."""
