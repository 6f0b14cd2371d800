"""What is measured: one module a peer, each a program of its own (`python -m peers.NAME`)."""
