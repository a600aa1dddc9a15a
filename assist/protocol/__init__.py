"""What are the words? States, ends and the messages that pages and server exchange."""
