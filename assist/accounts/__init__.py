"""Who is this? People who sign in, their invites, blocks, and what matching must know of them."""
