"""How do we reach someone who is away? By Web Push: an id, encrypted for one device."""
