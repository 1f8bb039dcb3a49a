"""Pages for supervisors, rendered on the server."""
