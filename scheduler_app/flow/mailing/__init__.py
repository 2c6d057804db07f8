"""Letters to clients: what they are made of, how they go out, who lets them."""
