"""What do the two people see and say? Their pages and their sockets."""
