"""What does somebody hear who looks at nothing? Orca, on a desk of its own, reads our pages."""
