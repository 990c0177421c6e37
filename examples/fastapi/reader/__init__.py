"""A reading application whose users sign in with Portcullis."""
